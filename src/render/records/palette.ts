/** The colours of a record on a screen, named by what they mark. */
import type { Paint } from './page.ts';

export interface Palette {
  readonly position: Paint;
  readonly key: Paint;
  /** Times, null, punctuation, and kt's own words. */
  readonly faint: Paint;
  readonly headerName: Paint;
  readonly jsonName: Paint;
  readonly jsonString: Paint;
  readonly jsonNumber: Paint;
  readonly jsonWord: Paint;
}

/** The terminal's own 16 colours, or none. */
export async function recordPalette(color: boolean): Promise<Palette> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    position: chalk.cyan,
    key: chalk.bold,
    faint: chalk.dim,
    headerName: chalk.cyan,
    jsonName: chalk.blue,
    jsonString: chalk.green,
    jsonNumber: chalk.yellow,
    jsonWord: chalk.magenta,
  };
}
