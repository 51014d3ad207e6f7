/** `kt man`: a manual page as roff, of kt, a noun or one command. */
import { usageError } from '../base/errors.ts';
import { variadicArgument } from '../cli/define.ts';
import { commandPage, mainPage, nounPage } from '../cli/man.ts';
import { command } from '../context.ts';

export const man = command({
  name: 'man',
  summary: 'Print a manual page',
  description: 'Prints the page of kt, or of the named noun or command, as roff. Read it with: kt man topics create | man -l -',
  args: { command: variadicArgument('command', 'words of the command', false) },
  options: {},
  shows: { kind: 'text', fields: {} },
  hidden: true,
  examples: [
    { line: 'kt man', does: 'the page of kt' },
    { line: 'kt man topics', does: 'the page of a noun' },
    { line: 'kt man completion', does: 'the page of one command' },
  ],
  async run(context, { command: words }) {
    const commands = await context.commands();
    if (words.length === 0) return mainPage(commands);
    const name = words.join(' ');
    const found = commands.find((each) => each.name === name || each.aliases?.includes(name));
    if (!found && commands.some((each) => each.name.startsWith(`${name} `))) return nounPage(name, commands);
    if (!found) throw usageError(`no page for ${name} (no such command)`, 'kt --help shows the commands');
    return commandPage(found);
  },
});
