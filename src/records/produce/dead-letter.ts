/** Keeps records that were not written in a file, as JSON lines that `produce -i json` takes without loss. */
import { isUtf8 } from 'node:buffer';
import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KtError, usageError } from '../../base/errors.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { Unwritten } from '../../kafka/produce/options.ts';

export class DeadLetter {
  readonly path: string;
  /** Records in the file. */
  count = 0;
  #file: number | undefined;
  #problem: unknown;

  /**
   * The file is created when there is something to keep.
   * @throws KtError `usage` if it could not be created: it exists already, or its directory cannot be written to
   */
  constructor(path: string) {
    this.path = path;
    if (existsSync(path)) {
      throw usageError(
        `--dead-letter ${path} (it already exists, and may hold records)`,
        'name another file, or move this one',
      );
    }
    try {
      accessSync(dirname(resolve(path)), constants.W_OK);
    } catch {
      throw usageError(
        `--dead-letter ${path} (cannot create a file there)`,
        'name a file in a directory that you can write to',
      );
    }
  }

  /** Adds records. `close` reports what kept them from being written. */
  readonly keep = (records: Unwritten): void => {
    if (this.#problem !== undefined) return;
    const lines: string[] = [];
    records.each((record) => void lines.push(jsonLine(record)));
    try {
      this.#file ??= openSync(this.path, 'wx', 0o600);
      let rest = Buffer.from(lines.join(''));
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#file, rest));
      this.count += lines.length;
    } catch (error) {
      this.#problem = error;
    }
  };

  /** Flushes everything to the disk. @throws KtError `bug` if records could not be kept */
  close(): void {
    try {
      if (this.#file !== undefined) {
        fsyncSync(this.#file);
        closeSync(this.#file);
      }
    } catch (error) {
      this.#problem ??= error;
    }
    this.#file = undefined;
    if (this.#problem === undefined) return;
    throw new KtError('bug', `${this.path} lacks records that were not written (${(this.#problem as Error).message})`, {
      code: (this.#problem as NodeJS.ErrnoException).code,
      hint: 'they are still in the input: their lines are named above',
    });
  }
}

function jsonLine(record: RecordView): string {
  const { topic, partition, bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
  const headers: string[] = [];
  visitHeaders(record, (all, nameStart, nameEnd, start, end) => {
    headers.push(`{${field('key', all, nameStart, nameEnd)},${field('value', all, start, end)}}`);
  });
  const parts = [
    `"topic":${JSON.stringify(topic)}`,
    `"partition":${partition}`,
    `"timestamp":${record.exactTimestamp()}`,
    `"headers":[${headers.join(',')}]`,
    field('key', bytes, keyStart, keyEnd),
    field('value', bytes, valueStart, valueEnd),
  ];
  return `{${parts.join(',')}}\n`;
}

/** A range as text where that is exact, else as base64; a start of -1 is null. */
function field(name: string, bytes: Buffer, start: number, end: number): string {
  if (start < 0) return `"${name}":null`;
  const part = bytes.subarray(start, end);
  if (isUtf8(part)) return `"${name}":${JSON.stringify(part.toString())}`;
  return `"${name}":"${part.toString('base64')}","${name}Encoding":"base64"`;
}
