/** Records that were not written, kept in a file as JSON lines that `produce -i json` takes: nothing of them is lost. */
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
   * Creates no file before there is something to keep.
   * @throws KtError `usage` when it could not be created then: it exists already, or its directory takes none
   */
  constructor(path: string) {
    this.path = path;
    if (existsSync(path)) {
      throw usageError(
        `--dead-letter ${path} (it exists, and may hold records that are kept)`,
        'name another file, or move it away',
      );
    }
    try {
      accessSync(dirname(resolve(path)), constants.W_OK);
    } catch {
      throw usageError(
        `--dead-letter ${path} (no file can be created there)`,
        'name a file in a directory that you may write to',
      );
    }
  }

  /** Adds records. What keeps it from being written is told by `close`. */
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

  /** Brings everything to the disk. @throws KtError `bug` when records could not be kept */
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
      hint: 'the input still has them: its lines are named above',
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
