/** kt on a terminal as a person has it: tmux, whose screen a test reads, whose keys it presses and whose window it resizes. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { terminalUnavailable } from './terminal.ts';
import { until } from './until.ts';

/** A tmux server for one test file. */
export class Tmux {
  readonly #server = `kt-${randomUUID()}`;

  run(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.#server, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  /** An interactive shell, in which a line was typed. */
  async shell(line: string, { columns = 80, lines = 24 } = {}): Promise<Pane> {
    const pane = new Pane(this, randomUUID());
    const size = ['-x', String(columns), '-y', String(lines)];
    this.run('new-session', '-d', '-s', pane.name, ...size, 'PS1="ready> " bash --norc --noprofile -i');
    await pane.shows(/ready>/, 'a shell');
    pane.press(line, 'Enter');
    return pane;
  }

  /** Ends every shell. */
  close(): void {
    if (!terminalUnavailable) spawnSync('tmux', ['-L', this.#server, 'kill-server']);
  }
}

export class Pane {
  readonly name: string;
  readonly #tmux: Tmux;

  constructor(tmux: Tmux, name: string) {
    this.#tmux = tmux;
    this.name = name;
  }

  /** What is on the screen. */
  screen(): string {
    return this.#tmux.run('capture-pane', '-p', '-t', this.name);
  }

  /** The same, with the sequences that colour it. */
  painted(): string {
    return this.#tmux.run('capture-pane', '-p', '-e', '-t', this.name);
  }

  /** Keys by tmux's names; other words are typed. */
  press(...keys: string[]): void {
    this.#tmux.run('send-keys', '-t', this.name, ...keys);
  }

  type(text: string): void {
    this.#tmux.run('send-keys', '-t', this.name, '-l', text);
  }

  resize(columns: number, lines: number): void {
    this.#tmux.run('resize-window', '-t', this.name, '-x', String(columns), '-y', String(lines));
  }

  /** Whether the alternate screen is on, the cursor shown, lines wrapped. */
  modes(): string {
    return this.#tmux.run('display-message', '-p', '-t', this.name, '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim();
  }

  /** The last of a frame's bytes may come after what a test saw of it. */
  modesBecome(modes: string): Promise<void> {
    return until(
      () => this.modes() === modes,
      () => `${modes}, not ${this.modes()}\n${this.screen()}`,
    );
  }

  shows(what: RegExp, why: string): Promise<void> {
    return until(
      () => what.test(this.screen()),
      () => `${why}\n${this.screen()}`,
    );
  }

  /** The process that the shell runs. */
  child(): number {
    const shell = this.#tmux.run('display-message', '-p', '-t', this.name, '#{pane_pid}').trim();
    return Number(execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim().split('\n')[0]);
  }

  /** Waits until the shell has the terminal, as it was before, and kt ended with this code. */
  async leftClean(code: number, gone: RegExp): Promise<void> {
    await this.modesBecome('0 1 1');
    this.press('echo code=$?; stty -a', 'Enter');
    await this.shows(new RegExp(`^code=${code}$`, 'm'), `kt ended with ${code}`);
    await this.shows(/ icanon/, 'the modes of the terminal');
    assert.match(this.screen(), / icanon .* echo /s);
    assert.doesNotMatch(this.screen(), gone);
  }
}
