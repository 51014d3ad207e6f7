/** README's table of commands, between two markers that its text keeps. */
import type { Command } from './define.ts';
import { usageLine } from './usage.ts';

const begin = '<!-- commands -->';
const end = '<!-- /commands -->';

/** The table, a line per command that people use. */
function commandTable(commands: readonly Command[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = commands
    .filter((command) => !command.hidden)
    .map((command) => `| \`${cell(usageLine(command).replace(' [options]', ''))}\` | ${cell(command.summary)} |`);
  return ['| command | what it does |', '|---|---|', ...lines].join('\n');
}

/** README with its table as it should be now; undefined when it has no markers. */
export function withCommandTable(readme: string, commands: readonly Command[]): string | undefined {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from === -1 || to < from) return undefined;
  return `${readme.slice(0, from)}${begin}\n${commandTable(commands)}\n${readme.slice(to)}`;
}
