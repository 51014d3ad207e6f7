/** Meaning → colour. Only this file decides, from flags, variables and the terminal, whether there is any. */
import type { GlobalOptions } from '../cli/options.ts';
import type { Tone } from '../cli/shape.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether a stream is coloured: `--color`, else NO_COLOR, else FORCE_COLOR, else whether it is a terminal with colours. */
export function wantsColor(when: GlobalOptions['color'], env: Env, terminal: boolean): boolean {
  if (when !== 'auto') return when === 'always';
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return terminal && env['TERM'] !== 'dumb';
}

/** Colours text by its tone. */
export type Paint = (text: string, tone: Tone | undefined) => string;

export const plain: Paint = (text) => text;

/** The paint of a coloured stream; only this loads chalk. The 16 basic colours follow the terminal's theme. */
export async function colored(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const tones = { good: chalk.green, warn: chalk.yellow, bad: chalk.red, dim: chalk.dim, strong: chalk.bold };
  return (text, tone) => (tone ? tones[tone](text) : text);
}
