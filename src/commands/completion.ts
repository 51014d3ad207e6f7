/** `kt completion`: the script that makes a shell complete kt's commands, flags and names. */

import { argument } from '../cli/define.ts';
import { command } from '../context.ts';

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const completion = command({
  name: 'completion',
  summary: 'Print the completion script for a shell',
  description:
    'The script completes commands, flags and their values; names of topics, groups, brokers and profiles and configs are looked up when needed, for at most half a second.',
  args: { shell: argument('shell', 'bash, zsh, fish or powershell', { choices: shells }) },
  options: {},
  shows: { kind: 'text', fields: {} },
  examples: [
    { line: 'kt completion bash > /etc/bash_completion.d/kt', does: 'bash, for everyone on this machine' },
    { line: 'kt completion zsh > /usr/local/share/zsh/site-functions/_kt', does: 'zsh' },
    { line: 'kt completion powershell | Out-String | Invoke-Expression', does: 'PowerShell; put it into $PROFILE' },
    { line: 'kt completion fish > ~/.config/fish/completions/kt.fish', does: 'fish' },
  ],
  async run(context, { shell }) {
    const commands = await context.commands();
    if (shell === 'bash') return (await import('../cli/completion/bash.ts')).bashScript(commands);
    if (shell === 'zsh') return (await import('../cli/completion/zsh.ts')).zshScript(commands);
    if (shell === 'powershell') return (await import('../cli/completion/powershell.ts')).powershellScript(commands);
    return (await import('../cli/completion/fish.ts')).fishScript(commands);
  },
});
