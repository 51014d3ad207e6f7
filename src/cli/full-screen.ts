/** A program that fills the terminal: what a command says of it. render draws its lines and tells it the keys; views know no terminal. */
import type { Tone } from './shape.ts';

/** A piece of a line. Its text may be hostile: render makes it harmless, cuts it and fills it up to its width. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** Columns that it takes; as many as the text needs when absent. */
  readonly width?: number;
  readonly align?: 'left' | 'right';
  /** Drawn in reverse video: a match, the cursor's word. */
  readonly marked?: boolean;
}

export interface ScreenLine {
  readonly spans: readonly Span[];
  /** The row that the cursor is on: in reverse video. */
  readonly selected?: boolean;
}

export interface ScreenSize {
  readonly columns: number;
  readonly lines: number;
}

export interface Frame {
  /** At most as many as the screen has; the rest stays empty. */
  readonly lines: readonly ScreenLine[];
  /** Where the terminal's own cursor stands: screen readers and magnifiers follow it. It is hidden where nothing is selected. */
  readonly cursor?: ScreenPlace;
}

/** A place on the screen, counted from 0. */
export interface ScreenPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * A key by its name: `a`, `é`, `space`, `up`, `pageup`, `enter`, `escape`, `backspace`, `tab`, `f1`, `ctrl-f`; or text that was pasted.
 */
export interface Key {
  readonly name: string;
  /** What it types: one character, or what was pasted; undefined for keys that type nothing. */
  readonly text?: string | undefined;
}

/** What the program may ask of the terminal. */
export interface ScreenHost {
  /** Has the screen drawn again soon, at most ten times a second. */
  redraw(): void;
  /** Forgets what is on the screen, and draws all of it. */
  repaint(): void;
  /**
   * Sends text to the terminal's clipboard (OSC 52); whether it arrives no terminal tells.
   * @returns false where it is too long: nothing is sent then
   */
  copy(text: string): boolean;
  /** Whether the screen is kt's; false while kt is stopped by Ctrl-Z. */
  shown(): boolean;
}

export interface FullScreen {
  readonly fullScreen: true;
  /**
   * Runs until the user leaves or the run is interrupted.
   * @returns text for the normal screen, printed after the program has left it
   */
  run(host: ScreenHost): Promise<string | undefined>;
  /** What the screen shows now. */
  frame(size: ScreenSize): Frame;
  key(key: Key): void;
}

export function isFullScreen(value: unknown): value is FullScreen {
  return typeof value === 'object' && value !== null && 'fullScreen' in value;
}
