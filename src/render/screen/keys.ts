/** Bytes from a terminal in raw mode → keys: escape sequences, a lone Esc, pasted text, UTF-8 that a chunk cuts in two. */
import { StringDecoder } from 'node:string_decoder';
import type { Key } from '../../cli/full-screen.ts';

/** What follows `ESC [` or `ESC O`, without modifiers. */
const sequences: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Z: 'shift-tab',
  '1~': 'home',
  '2~': 'insert',
  '3~': 'delete',
  '4~': 'end',
  '5~': 'pageup',
  '6~': 'pagedown',
  '7~': 'home',
  '8~': 'end',
  '11~': 'f1',
};

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
};

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';
/** More is not typed by anybody. */
const longestPaste = 65_536;

export class KeyParser {
  readonly #emit: (key: Key) => void;
  readonly #escapeMs: number;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param escapeMs how long the rest of a sequence may take; after that an Esc was pressed */
  constructor(emit: (key: Key) => void, escapeMs: number) {
    this.#emit = emit;
    this.#escapeMs = escapeMs;
  }

  feed(chunk: Buffer | string): void {
    clearTimeout(this.#timer);
    this.#rest += typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    while (this.#rest !== '' && this.#next());
    // A paste may pause for longer than a key.
    if (this.#rest !== '' && !this.#rest.startsWith(pasteStart)) this.#timer = setTimeout(() => this.#flush(), this.#escapeMs);
  }

  /** Forgets what was begun, such as before the terminal is given back. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#rest = '';
  }

  /** Takes one key off the front; false where more has to come. */
  #next(): boolean {
    const text = this.#rest;
    if (text.startsWith(pasteStart)) return this.#paste();
    if (text[0] !== '\x1b') return this.#take([...text.slice(0, 2)][0]!.length, keyOf([...text.slice(0, 2)][0]!));
    if (text.length === 1) return false;
    if (text[1] === '[' || text[1] === 'O') {
      const sequence = /^\x1b(?:\[([0-9;:<=>?]*)([\x20-\x2f]*[\x40-\x7e])|O([\x20-\x7e]))/.exec(text);
      if (!sequence) {
        // What no terminal sends: not to be held for ever.
        if (text.length > 32 || /^\x1b\[[^\x1b]*[^\x20-\x7e]/.test(text)) return this.#take(2, undefined);
        return false;
      }
      const [whole, parameters = '', final = '', single] = sequence;
      const name = sequences[single ?? (final === '~' ? `${parameters.split(';')[0]}~` : final)];
      return this.#take(whole.length, name === undefined ? undefined : { name });
    }
    if (text[1] === '\x1b') return this.#take(1, { name: 'escape' });
    // Alt and a key: nothing of ours, and no Esc.
    return this.#take(1 + [...text.slice(1, 3)][0]!.length, undefined);
  }

  #paste(): boolean {
    const end = this.#rest.indexOf(pasteEnd);
    if (end < 0 && this.#rest.length < longestPaste) return false;
    const pasted = this.#rest.slice(pasteStart.length, end < 0 ? undefined : end);
    return this.#take(end < 0 ? this.#rest.length : end + pasteEnd.length, { name: 'paste', text: pasted });
  }

  #take(length: number, key: Key | undefined): true {
    this.#rest = this.#rest.slice(length);
    if (key) this.#emit(key);
    return true;
  }

  /** Nothing more came: an Esc that was pressed, or a sequence that was cut short. */
  #flush(): void {
    const text = this.#rest;
    this.#rest = '';
    if (text[0] === '\x1b') this.#emit({ name: 'escape' });
  }
}

function keyOf(character: string): Key {
  const control = controls[character];
  if (control) return { name: control };
  const code = character.charCodeAt(0);
  if (character.length === 1 && code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 0x60)}` };
  return { name: character === ' ' ? 'space' : character, text: character };
}
