/** Numbered lines through a topic: written as input, and checked as they come back. */
import type { Readable, Writable } from 'node:stream';

/** Lines per chunk of input. */
const chunkLines = 2_000;

/** About 40 bytes. */
function numberedLine(number: number): string {
  return `${number} ${'abcdefghijklmnopqrstuvwxyz0123456789'.slice(number % 8)}\n`;
}

/** Writes the lines from..to, both included, as fast as they are taken. */
export async function feedLines(stdin: Writable, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += chunkLines) {
    const count = Math.min(chunkLines, to - first + 1);
    const text = Array.from({ length: count }, (_, index) => numberedLine(first + index)).join('');
    if (!stdin.write(text)) await new Promise((resolve) => stdin.once('drain', resolve));
  }
}

/** What `NumberedCheck` reads: partition, number and text of a line, offset. */
export const numberedFormat = '%p %s %o\n';

/** Checks records as they come in `numberedFormat`: each number once, rising in its partition. */
export class NumberedCheck {
  count = 0;
  /** The first few faults. */
  readonly problems: string[] = [];
  /** Where each number is, as given by `placeOf`; -1 until it is seen. */
  readonly places: Float64Array;
  readonly #last = new Map<string, number>();
  #rest = '';

  /** @param numbers the highest number there may be */
  constructor(numbers: number) {
    this.places = new Float64Array(numbers + 1).fill(-1);
  }

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [partition = '', text, , offset] = line.split(' ');
    const number = Number(text);
    const last = this.#last.get(partition) ?? 0;
    this.count++;
    if (this.places[number] !== -1) this.#problem(`${line}: ${number < this.places.length ? 'twice' : 'unknown'}`);
    if (number <= last) this.#problem(`${number} behind ${last} in partition ${partition}`);
    this.places[number] = placeOf(Number(partition), Number(offset));
    this.#last.set(partition, number);
  }

  #problem(text: string): void {
    if (this.problems.length < 10) this.problems.push(text);
  }
}

/** A partition and an offset as one number, since millions are kept. */
export function placeOf(partition: number, offset: number): number {
  return offset * 1000 + partition;
}

/** Checks a whole stream. */
export function checkNumbered(stream: Readable, check: NumberedCheck): Promise<void> {
  stream.setEncoding('latin1');
  stream.on('data', (text: string) => check.take(text));
  return new Promise((resolve) => stream.on('end', resolve));
}
