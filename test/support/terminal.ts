/** A real terminal for kt: tmux, whose screen a test can read. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

export interface Terminal {
  /** Runs a line on a fresh screen of 100 by 20; resolves with the screen, colours included, once it shows the line's exit code. */
  screenOf(line: string): Promise<string>;
  /** The same; `see` gets the screen again and again while the line runs. */
  watch(line: string, see: (screen: string) => void): Promise<string>;
  /** Ends every screen. */
  close(): void;
}

/** Why there is no terminal to test on; false if there is one. */
export const terminalUnavailable: string | false = spawnSync('tmux', ['-V']).error ? 'tmux is not installed' : false;

/** On this terminal kt must behave as with a person watching, in CI too. */
const { CI: _, ...env } = process.env;

/** A tmux server for one test. */
export function openTerminal(): Terminal {
  const server = `kt-${randomUUID()}`;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', server, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const watch: Terminal['watch'] = async (line, see) => {
    const name = randomUUID();
    tmux('new-session', '-d', '-s', name, '-x', '100', '-y', '20', `cd / && ${line}; echo "code=$?"; exec sleep 60`);
    for (;;) {
      const screen = tmux('capture-pane', '-p', '-e', '-t', name);
      see(screen);
      if (/code=\d+/.test(screen)) return `${screen}\ntitle=${tmux('display-message', '-p', '-t', name, '#{pane_title}')}`;
      await wait(20);
    }
  };
  return {
    watch,
    screenOf: (line) => watch(line, () => {}),
    close() {
      if (!terminalUnavailable) spawnSync('tmux', ['-L', server, 'kill-server']);
    },
  };
}
