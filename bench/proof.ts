/** Makes what programs wrote comparable: the same records in any order give the same text. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

/** Number and MD5 of the sorted lines. */
export async function sortedLines(file: string): Promise<string> {
  const sort = spawn('sort', [file], { env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const hash = createHash('md5');
  let lines = 0;
  for await (const chunk of sort.stdout as AsyncIterable<Buffer>) {
    hash.update(chunk);
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  return `${lines} lines, ${hash.digest('hex')}`;
}

/** kt's JSON lines and kcat's, with the fields that both have. */
export function sortedRecords(file: string): Promise<string> {
  return sortedJson(file, (record) => {
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
  return sortedJson(file, ({ id, amount }) => `${id} ${amount}`);
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

/** Number and MD5 of JSON lines, each written in one way for all programs. */
async function sortedJson(file: string, normal: (line: ReturnType<typeof JSON.parse>) => string): Promise<string> {
  const all = `${file}.normal`;
  const out = createWriteStream(all);
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!out.write(`${normal(JSON.parse(line))}\n`)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return sortedLines(all);
}

/** A file's size in bytes. */
export async function size(file: string): Promise<string> {
  return `${statSync(file).size} bytes`;
}
