/** Makes what programs wrote comparable: the same records in any order give the same text. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';

/** What a file's lines add up to, in whatever order they are: their number, and the sums of their checksums and of these squared. */
class Sum {
  #lines = 0;
  #sum = 0;
  #squares = 0;

  add(line: Uint8Array | string): void {
    const checksum = crc32(line);
    this.#lines++;
    this.#sum = (this.#sum + checksum) >>> 0;
    this.#squares = (this.#squares + Math.imul(checksum, checksum)) >>> 0;
  }

  toString(): string {
    return `${this.#lines} lines, ${this.#sum.toString(16)} ${this.#squares.toString(16)}`;
  }
}

/** What the lines add up to. */
export async function sumOfLines(file: string): Promise<string> {
  const sum = new Sum();
  await eachLine(file, (line) => sum.add(line));
  return `${sum}`;
}

async function eachLine(file: string, visit: (line: Buffer) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      visit(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) visit(rest);
}

/** kt's JSON lines and kcat's, with the fields that both have. */
export function sumOfRecords(file: string): Promise<string> {
  return sumOfJson(file, (record) => {
    const { topic, partition, offset, key, headers } = record;
    const pairs = headers.flatMap((each: string | { key: string; value: string }) =>
      typeof each === 'string' ? [each] : [each.key, each.value],
    );
    const fields = [topic, partition, offset, record.timestamp ?? record.ts, key, record.value ?? record.payload, ...pairs];
    return JSON.stringify(fields);
  });
}

/** The `id` and `amount` of JSON values: programs write numbers, times and bytes each in a way of its own. */
export function ids(file: string): Promise<string> {
  return sumOfJson(file, ({ id, amount }) => `${id} ${amount}`);
}

/** The results of windows, of each the last one: a processor may write running ones before. */
export async function lastResults(file: string): Promise<string> {
  const last = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { windowStart, windowEnd, key, count, revenue } = JSON.parse(line);
    last.set(`${windowStart} ${key}`, JSON.stringify([windowStart, windowEnd, key, count, revenue]));
  }
  const hash = createHash('md5').update([...last.values()].sort().join('\n'));
  return `${last.size} results, ${hash.digest('hex')}`;
}

/** What JSON lines add up to, each written in one way for all programs. */
async function sumOfJson(file: string, normal: (line: ReturnType<typeof JSON.parse>) => string): Promise<string> {
  const sum = new Sum();
  await eachLine(file, (line) => sum.add(normal(JSON.parse(line.toString()))));
  return `${sum}`;
}

/** A file's size in bytes. */
export async function size(file: string): Promise<string> {
  return `${statSync(file).size} bytes`;
}
