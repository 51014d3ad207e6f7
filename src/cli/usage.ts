/** A command's usage line, for help, errors, man pages and README. */
import type { Argument, Command } from './define.ts';

/** `<topic…>` or `[pattern]`, as in usage lines. */
export function argumentUsage({ name, required, variadic }: Argument<unknown>): string {
  const words = variadic ? `${name}…` : name;
  return required ? `<${words}>` : `[${words}]`;
}

/** `kt topics create <topic…> [options]`. */
export function usageLine(command: Command): string {
  const args = Object.values(command.args).map(argumentUsage);
  return ['kt', command.name, ...args, ...(Object.keys(command.options).length > 0 ? ['[options]'] : [])].join(' ');
}
