/** Texts with generators in them, such as `{"id":"{{uuid}}"}`, compiled to functions that append to one buffer. */
import { randomUUID } from 'node:crypto';
import { usageError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';

/** Bytes that are made one record after the other in the same memory. */
export class MadeBytes {
  buffer = Buffer.allocUnsafeSlow(64 << 10);
  length = 0;

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, this.length + count));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }

  ascii(text: string): void {
    this.ensure(text.length);
    this.length += this.buffer.write(text, this.length, 'latin1');
  }

  bytes(bytes: Buffer): void {
    this.ensure(bytes.length);
    this.length += bytes.copy(this.buffer, this.length);
  }
}

/** Appends one record's text; `seq` is the record's number, from 1. */
export type Template = (out: MadeBytes, seq: number) => void;

type Make = (words: readonly string[], source: string) => Template;

/** What stands between `{{` and `}}`: a name, then its words. */
const generators: Readonly<Record<string, Make>> = {
  seq: withoutWords((out, seq) => out.ascii(String(seq))),
  time: withoutWords((out) => out.ascii(String(Date.now()))),
  iso: withoutWords((out) => out.ascii(new Date().toISOString())),
  uuid: withoutWords((out) => out.ascii(randomUUID())),
  choice: (words, source) => {
    const texts = words.join(' ').split('|');
    if (texts.length < 2) throw wrong(source, 'nothing to choose from', '{{choice new|paid|sent}}');
    const choices = texts.map((text) => Buffer.from(text));
    return (out) => out.bytes(choices[Math.floor(Math.random() * choices.length)]!);
  },
  int: (words, source) => {
    const [low, high] = words.map(Number);
    if (words.length !== 2 || !Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low! > high!) {
      throw wrong(source, 'not two whole numbers, the smaller first', '{{int 1 100}}');
    }
    const size = high! - low! + 1;
    return (out) => out.ascii(String(low! + Math.floor(Math.random() * size)));
  },
  text: (words, source) => {
    const length = Number(words[0]);
    if (words.length !== 1 || !Number.isSafeInteger(length) || length < 0 || length > longestText) {
      throw wrong(source, `not a length from 0 to ${longestText}`, '{{text 100}}');
    }
    return (out) => out.bytes(randomLetters(length));
  },
};

const longestText = 16 << 20;
/** Further random letters are other parts of these: a million records a second are not made letter by letter. */
let letters = Buffer.alloc(0);

function randomLetters(length: number): Buffer {
  if (letters.length < 2 * length) {
    letters = Buffer.allocUnsafeSlow(Math.max(64 << 10, 4 * length));
    for (let at = 0; at < letters.length; at++) letters[at] = 97 + Math.floor(Math.random() * 26);
  }
  const start = Math.floor(Math.random() * (letters.length - length));
  return letters.subarray(start, start + length);
}

function withoutWords(template: Template): Make {
  return (words, source) => {
    if (words.length > 0) throw wrong(source, 'this generator takes nothing', `{{${source.split(' ')[0]}}}`);
    return template;
  };
}

/**
 * Compiles a template. `\{{` stands for the two braces themselves.
 * @throws KtError `usage` for a generator that does not exist or cannot be made
 */
export function compileTemplate(text: string): Template {
  const parts: Template[] = [];
  const pattern = /\\\{\{|\{\{(.*?)\}\}/gs;
  let literal = '';
  let end = 0;
  const flush = (): void => {
    if (literal === '') return;
    const bytes = Buffer.from(literal);
    parts.push((out) => out.bytes(bytes));
    literal = '';
  };
  for (const match of text.matchAll(pattern)) {
    literal += text.slice(end, match.index);
    end = match.index + match[0].length;
    const source = match[1];
    if (source === undefined) {
      literal += '{{';
      continue;
    }
    flush();
    parts.push(generator(source.trim()));
  }
  literal += text.slice(end);
  flush();
  return (out, seq) => {
    for (const part of parts) part(out, seq);
  };
}

function generator(source: string): Template {
  const [name = '', ...words] = source.split(/\s+/);
  const make = Object.hasOwn(generators, name) ? generators[name] : undefined;
  if (make) return make(words, source);
  const near = nearest(name, Object.keys(generators));
  throw usageError(
    `{{${source}}} (no such generator)`,
    near
      ? `did you mean {{${near}}}? \\{{ stands for two braces`
      : `there are ${Object.keys(generators).join(', ')}; \\{{ stands for two braces`,
  );
}

function wrong(source: string, why: string, example: string) {
  return usageError(`{{${source}}} (${why})`, `such as ${example}`);
}
