/** Runs a program that fills the terminal: alternate screen, raw keys, resize, Ctrl-Z; every way out leaves the terminal as it was. */
import type { FullScreen, Key, ScreenHost } from '../../cli/full-screen.ts';
import { colored, type Paint } from '../colors.ts';
import { type Output, writeNow } from '../out.ts';
import type { Screen } from '../screen.ts';
import { clipboardSequence } from './clipboard.ts';
import { drawFrame, type FrameLook } from './frame.ts';
import { KeyParser } from './keys.ts';
import { Painter } from './painter.ts';

/** Alternate screen, no line wrapping, pasted text in brackets, no cursor before it has a place; and back. */
const enter = '\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l';
const leave = '\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';
/** People cannot read faster. */
const redrawMs = 100;
/** Without colours what is strong and what is faint still differ. */
const colorless: Paint = (text, tone) =>
  tone === 'strong' ? `\x1b[1m${text}\x1b[22m` : tone === 'dim' ? `\x1b[2m${text}\x1b[22m` : text;

/** @returns once the user left or the run was ended from outside */
export async function runFullScreen(program: FullScreen, out: Output, screen: Screen, color: boolean): Promise<void> {
  const paint = color ? await colored() : colorless;
  const drawing = new Drawing(program, out, screen, { paint, unicode: screen.unicode });
  const onKey = (key: Key): void => {
    if (key.name === 'ctrl-c') screen.interrupt();
    else if (key.name === 'ctrl-z') screen.stop();
    else if (key.name === 'ctrl-l') drawing.repaint();
    else {
      program.key(key);
      drawing.soon(0);
    }
  };
  const parser = new KeyParser(onKey, screen.escapeMs);
  const listenToKeys = () => screen.onInput((chunk) => parser.feed(chunk));
  let deafen = listenToKeys();
  const giveBack = (): void => {
    drawing.away = true;
    parser.stop();
    deafen();
    writeNow(1, leave);
  };
  const takeAgain = (): void => {
    // Whoever had the terminal meanwhile left it in another mode.
    deafen();
    deafen = listenToKeys();
    writeNow(1, enter);
    drawing.away = false;
    drawing.repaint();
  };
  // An abrupt end, or an error that nothing caught and that is printed then, leaves first.
  const restore = (): void => giveBack();
  process.once('exit', restore);
  process.prependListener('uncaughtException', restore);
  const stops = [
    screen.onResize(() => drawing.soon(0)),
    screen.onStop(giveBack, takeAgain),
    () => drawing.end(),
    () => process.off('exit', restore),
    () => process.off('uncaughtException', restore),
  ];
  let last: string | undefined;
  try {
    writeNow(1, enter);
    drawing.soon(0);
    last = await program.run(hostOf(drawing, out));
  } finally {
    for (const stop of stops) stop();
    giveBack();
  }
  if (last !== undefined) await out.write(`${last}\n`);
}

function hostOf(drawing: Drawing, out: Output): ScreenHost {
  return {
    redraw: () => drawing.soon(redrawMs),
    repaint: () => drawing.repaint(),
    copy(text) {
      const sequence = clipboardSequence(text);
      // A terminal that is gone ends the run elsewhere.
      if (sequence !== undefined) out.write(sequence).catch(() => {});
      return sequence !== undefined;
    },
    shown: () => !drawing.away,
  };
}

/** Draws when asked, one write at a time: a terminal that takes nothing for a while gets the newest screen then. */
class Drawing {
  /** Whether the terminal is somebody else's at the moment. */
  away = false;
  readonly #program: FullScreen;
  readonly #out: Output;
  readonly #screen: Screen;
  readonly #look: FrameLook;
  readonly #painter = new Painter();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #writing = false;
  #ended = false;

  constructor(program: FullScreen, out: Output, screen: Screen, look: FrameLook) {
    this.#program = program;
    this.#out = out;
    this.#screen = screen;
    this.#look = look;
  }

  /** @param apartMs how long after the last drawing at the earliest, in ms */
  soon(apartMs: number): void {
    const dueAt = Math.max(performance.now(), this.#drawnAt + apartMs);
    if (this.#ended || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => void this.#draw(), Math.max(0, dueAt - performance.now()));
  }

  repaint(): void {
    this.#painter.forget();
    this.soon(0);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #draw(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.away || this.#ended) return;
    if (this.#writing) return this.soon(redrawMs);
    this.#drawnAt = performance.now();
    const size = this.#screen.size();
    const frame = this.#program.frame(size);
    const cursor = frame.cursor && {
      line: Math.min(frame.cursor.line, size.lines - 1),
      column: Math.min(frame.cursor.column, size.columns - 1),
    };
    const text = this.#painter.changes(drawFrame(frame, size, this.#look), size, cursor);
    if (text === '') return;
    this.#writing = true;
    try {
      await this.#out.write(text);
    } catch {
      // The terminal is gone: the session ends the run.
    } finally {
      this.#writing = false;
    }
  }
}
