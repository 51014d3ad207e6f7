/** A real terminal in which somebody types: tmux. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/support/until.ts';
import { readScreen, type ScreenLine, textOf } from './screen.ts';

export interface Terminal {
  /** Types a line, once there is a prompt. */
  type(line: string): Promise<void>;
  /** Types a line, and waits for the prompt after it. */
  run(line: string): Promise<void>;
  /** Types keys by tmux's names. */
  press(...keys: string[]): void;
  /** Waits until the screen shows this. */
  shows(what: RegExp): Promise<void>;
  /** What is on the screen, without a prompt where nothing was typed yet. */
  screen(): readonly ScreenLine[];
  close(): void;
}

const prompt = '$';

/** An interactive shell in a window of this size. @param env beside the usual variables */
export function openTerminal(
  { columns, lines }: { readonly columns: number; readonly lines: number },
  cwd: string,
  env: NodeJS.ProcessEnv,
): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'kt-picture-'));
  const socket = join(folder, `${randomUUID().slice(0, 8)}.tmux`);
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env });
  writeFileSync(join(folder, 'rc'), `PS1='\\[\\e[32m\\]${prompt}\\[\\e[0m\\] '\n`);
  const shell = `bash --noprofile --rcfile '${join(folder, 'rc')}' -i`;
  tmux('new-session', '-d', '-x', String(columns), '-y', String(lines), '-c', cwd, shell);
  // -N: the blanks at the end of a selected row too.
  const captured = () => readScreen(tmux('capture-pane', '-e', '-N', '-p'));
  const text = () => captured().map(textOf).join('\n');
  // A typed line, and what it prints, is longer than a prompt.
  const isReady = () => text().split('\n').at(-1) === prompt;
  const type = async (line: string): Promise<void> => {
    await until(isReady, 'a prompt', 60_000);
    tmux('send-keys', '-l', line);
    await until(() => !isReady(), 'the typed line', 10_000);
    tmux('send-keys', 'Enter');
  };
  return {
    type,
    async run(line) {
      await type(line);
      await until(isReady, () => `the end of ${line}:\n${text()}`, 60_000);
    },
    press: (...keys) => void tmux('send-keys', ...keys),
    shows: (what) =>
      until(
        () => what.test(text()),
        () => `${what} on the screen:\n${text()}`,
        300_000,
      ),
    screen() {
      const shown = captured();
      return textOf(shown.at(-1) ?? []) === prompt ? shown.slice(0, -1) : shown;
    },
    close() {
      tmux('kill-server');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
