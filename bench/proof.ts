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
export async function sortedRecords(file: string): Promise<string> {
  const normal = `${file}.normal`;
  const out = createWriteStream(normal);
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const record = JSON.parse(line);
    const { topic, partition, offset, key, headers } = record;
    const pairs = headers.flatMap((each: string | { key: string; value: string }) =>
      typeof each === 'string' ? [each] : [each.key, each.value],
    );
    const fields = [topic, partition, offset, record.timestamp ?? record.ts, key, record.value ?? record.payload, ...pairs];
    if (!out.write(`${JSON.stringify(fields)}\n`)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return sortedLines(normal);
}

/** The `id` and `amount` of JSON values: programs write numbers, times and bytes each in a way of its own. */
export async function ids(file: string): Promise<string> {
  const normal = `${file}.normal`;
  const out = createWriteStream(normal);
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { id, amount } = JSON.parse(line);
    if (!out.write(`${id} ${amount}\n`)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return sortedLines(normal);
}

/** A file's size in bytes. */
export async function size(file: string): Promise<string> {
  return `${statSync(file).size} bytes`;
}
