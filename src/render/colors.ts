/** Meaning → colour: the one place where it is decided, from flags, variables and terminal, whether there is any. */
import type { GlobalOptions } from '../cli/options.ts';
import type { Tone } from '../cli/shape.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether a stream is coloured: `--color`, else NO_COLOR, else FORCE_COLOR, else whether it is a terminal that can. */
export function wantsColor(when: GlobalOptions['color'], env: Env, terminal: boolean): boolean {
  if (when !== 'auto') return when === 'always';
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return terminal && env['TERM'] !== 'dumb';
}

/** Puts a tone's colour around text. */
export type Paint = (text: string, tone: Tone | undefined) => string;

export const plain: Paint = (text) => text;

/** The paint of a coloured stream; chalk is loaded only for it. The 16 basic colours follow the terminal's own theme. */
export async function colored(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const tones = { good: chalk.green, warn: chalk.yellow, bad: chalk.red, dim: chalk.dim, strong: chalk.bold };
  return (text, tone) => (tone ? tones[tone](text) : text);
}
