/** Columns such as `value.user`: what stands at paths in keys and values that are JSON, as fields of CSV. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { isJson } from '../../base/bytes/json-text.ts';
import { isReadAlone, JsonPaths } from '../../base/json/json-paths.ts';
import { jsonPlace } from '../../base/json/json-place.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { appendCsvField } from './csv-field.ts';
import { textField } from './text-field.ts';

const quote = 34;
const backslash = 92;
const letterN = 110;
const scratchBytes = 4096;

/** A path that leads into a list is not one that `JsonPaths` takes. */
const index = /^\d+$/;

/** Reads the JSON of one field, once for all columns that look into it. */
export class JsonColumns {
  readonly #sink: ByteSink;
  readonly #paths = new JsonPaths();
  readonly #scratch = new ByteSink(scratchBytes);
  /** Gives the text of a field that is not JSON text itself. */
  readonly #decode: ((bytes: Buffer, start: number, end: number) => void) | undefined;
  readonly #jsonStart: Serde['jsonStart'];
  #bytes: Buffer = Buffer.alloc(0);
  #start = -1;
  #end = -1;
  #isRead = false;
  #isFound = false;

  constructor(serde: Serde, sink: ByteSink) {
    this.#sink = sink;
    this.#jsonStart = serde.jsonStart;
    this.#decode = serde.text === undefined ? undefined : textField(serde, this.#scratch, undefined);
  }

  /** To be called with each record's field before its columns are appended. */
  at(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#isRead = false;
  }

  /** What appends the column at this path: text as it is, numbers with all digits, lists and objects as JSON; nothing for null and where there is nothing. */
  column(path: readonly string[]): () => void {
    const slot = path.every((name) => isReadAlone(name) && !index.test(name)) ? this.#paths.slot(path) : undefined;
    return () => {
      if (!this.#isRead) this.#read();
      if (this.#isFound && slot !== undefined) this.#append(this.#paths.startOf(slot), this.#paths.endOf(slot));
      else if (this.#start >= 0 && isJson(this.#bytes, this.#start, this.#end)) {
        const place = jsonPlace(this.#bytes, this.#start, this.#end, path);
        if (place) this.#append(place.start, place.end);
      }
    };
  }

  #read(): void {
    this.#isRead = true;
    if (this.#isFoundInPlace()) return;
    if (this.#decode && this.#start >= 0) {
      this.#scratch.length = 0;
      this.#decode(this.#bytes, this.#start, this.#end);
      this.#bytes = this.#scratch.buf;
      this.#start = 0;
      this.#end = this.#scratch.length;
    }
    this.#isFound = this.#start >= 0 && this.#paths.read(this.#bytes, this.#start, this.#end);
  }

  /** Most often the text of what a format reads stands in the bytes, behind what names its schema: then no other is made. */
  #isFoundInPlace(): boolean {
    if (!this.#decode || !this.#jsonStart || this.#start < 0) return false;
    const start = this.#jsonStart(this.#bytes, this.#start, this.#end);
    this.#isFound = start >= 0 && this.#paths.read(this.#bytes, start, this.#end);
    if (this.#isFound) this.#start = start;
    return this.#isFound;
  }

  #append(start: number, end: number): void {
    const bytes = this.#bytes;
    if (start < 0 || bytes[start] === letterN) return;
    if (bytes[start] !== quote) appendCsvField(this.#sink, bytes, start, end);
    else if (!holds(bytes, backslash, start, end)) appendCsvField(this.#sink, bytes, start + 1, end - 1);
    else {
      const text = Buffer.from(JSON.parse(bytes.toString('utf8', start, end)));
      appendCsvField(this.#sink, text, 0, text.length);
    }
  }
}

function holds(bytes: Buffer, byte: number, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return true;
  return false;
}
