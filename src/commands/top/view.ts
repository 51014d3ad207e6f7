/** What a screen of `kt top` is: state, a pure drawing of it, and what keys do to it. */
import { shortened } from '../../base/shorten.ts';
import type { Key, ScreenLine, Span } from '../../cli/full-screen.ts';
import type { Tone } from '../../cli/shape.ts';
import type { Focus, Snapshot } from '../../core/top/snapshot.ts';

/** What failed is asked for again after so long, where somebody still looks at it. */
export const retryMs = 5_000;

/** What every screen is drawn from. */
export interface Scene {
  readonly snapshot: Snapshot;
  /** Where kt is connected: the profile's name, or an address. */
  readonly where: string;
  /** Epoch ms. */
  readonly now: number;
  readonly isPaused: boolean;
}

/** Room for a screen: what lies between the three lines at the top and the last one. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

export interface Body {
  readonly lines: readonly ScreenLine[];
  /** The line that the cursor is on. */
  readonly cursor?: number | undefined;
  readonly cursorColumn?: number;
}

/** What a screen may have done. */
export interface Actions {
  open(view: View): void;
  back(): void;
  /** Goes to a numbered screen. */
  show(tab: number): void;
  /** Shows a line at the bottom until the next key. */
  say(text: string): void;
  redraw(): void;
  openTopic(topic: string): void;
  openGroup(group: string): void;
  openRecords(topic: string, partition?: number): void;
}

export interface View {
  /** One of the numbered screens; undefined for those that are opened from them. */
  readonly tab?: 1 | 2 | 3 | 4;
  /** Line 2 of a screen without a number. */
  title?(scene: Scene): readonly Span[];
  draw(scene: Scene, room: Room): Body;
  /** Whether the key meant something here. */
  key(key: Key, scene: Scene, actions: Actions): boolean;
  /** What it shows: asked for first. */
  focus(): Partial<Focus>;
  /** The keys worth knowing, for the last line: most important first. */
  hints(): readonly string[];
  /** Whether any other key closes it, so that the general ones are not named. */
  readonly isPassing?: true;
  /** Whether a text is being typed, so that letters are no keys. */
  isTyping(): boolean;
  /** The name or value under the cursor, for `y`. */
  value?(scene: Scene): string | undefined;
  /** The kt command that shows the same, for `Y`. */
  command?(scene: Scene): string | undefined;
  /** Lines of help: its own keys, what its numbers mean. */
  readonly help: readonly (readonly [key: string, does: string])[];
  /** Called when it is left for good. */
  close?(): void;
}

export function line(...parts: readonly (string | Span)[]): ScreenLine {
  return { spans: parts.map((part) => (typeof part === 'string' ? { text: part } : part)) };
}

export function toned(text: string, tone: Tone | undefined): Span {
  return { text, tone };
}

const leastName = 12;

/** One name in the room there is, the least aside: it loses its middle, as names differ at their ends. */
export function shortName(name: string, room: number): string {
  return shortened([name], Math.max(leastName, room))[0]!;
}

/** One line with a text at each end. The left one gives way. */
export function ends(left: readonly Span[], right: readonly Span[], width: number): ScreenLine {
  const rightWidth = right.reduce((sum, { text, width: wide }) => sum + (wide ?? text.length), 0);
  const leftWidth = left.reduce((sum, { text, width: wide }) => sum + (wide ?? text.length), 0);
  if (leftWidth + rightWidth + 1 > width && rightWidth * 2 > width) return { spans: left };
  const spans: Span[] = [];
  let room = width - rightWidth - 1;
  for (const span of left) {
    const needed = span.width ?? span.text.length;
    if (needed > room) {
      if (room > 1) spans.push({ ...span, width: room });
      room = Math.max(0, room - needed);
      if (room === 0) break;
      continue;
    }
    spans.push(span);
    room -= needed;
  }
  return { spans: [...spans, { text: '', width: room + 1 }, ...right] };
}
