/** Files that the user names: pipes and devices too, never read without end and always interruptible. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { readNamedFile, readStream, whyUnreadable } from '../../../src/base/named-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-files-'));
after(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, randomUUID());

function file(content: string | Buffer): string {
  const at = path();
  writeFileSync(at, content);
  return at;
}

const limits = { signal: new AbortController().signal, largest: 100_000 };
const read = async (from: string) => (await readNamedFile(from, limits)).bytes.toString();

async function reason(reading: Promise<unknown>): Promise<string> {
  return await reading.then(
    () => assert.fail('it was read'),
    (error) => whyUnreadable(error),
  );
}

test('a file is read whole, with its permissions', async () => {
  const text = randomUUID().repeat(2_500);
  const at = file(text);
  chmodSync(at, 0o640);
  const { bytes, mode } = await readNamedFile(at, limits);
  assert.equal(bytes.toString(), text);
  assert.equal(mode & 0o777, 0o640);
  assert.equal(await read(file('')), '');
});

test('what cannot be read is explained', async () => {
  assert.equal(await reason(read(path())), 'no such file');
  assert.equal(await reason(read(join(file(''), 'x'))), 'no such file');
  assert.equal(await reason(read(folder)), 'it is a directory');
});

test('a file larger than the limit is refused, and one of just that size is read', async () => {
  assert.equal((await read(file(Buffer.alloc(limits.largest)))).length, limits.largest);
  assert.equal(await reason(read(file(Buffer.alloc(limits.largest + 1)))), 'it is larger than 97.7KiB');
});

test('a bug is not reported as a problem of the file', () => {
  assert.throws(() => whyUnreadable(new TypeError('x')), TypeError);
});

describe('pipes and devices', { skip: process.platform === 'win32' && 'no FIFOs' }, () => {
  function fifo(): string {
    const at = path();
    execFileSync('mkfifo', [at]);
    return at;
  }

  /** Runs a shell line with the path as $1; the test does not wait for its end. */
  function shell(line: string, at: string) {
    return spawn('sh', ['-c', line, 'sh', at], { stdio: 'ignore' });
  }

  test('a FIFO is read until its writer ends, which may come late and pause', async () => {
    const at = fifo();
    const reading = read(at);
    shell('(echo a; sleep 0.1; echo b) > "$1"', at);
    assert.equal(await reading, 'a\nb\n');
  });

  test('a writer that closes at once leaves an empty text, whether it came first or last', async () => {
    const waiting = fifo();
    const reading = read(waiting);
    shell(': > "$1"', waiting);
    assert.equal(await reading, '');
    const first = fifo();
    const writer = createWriteStream(first);
    const opened = once(writer, 'open').then(() => writer.end());
    assert.equal(await read(first), '');
    await opened;
  });

  test('a FIFO without a writer, and one whose writer is silent, end with the interruption', async () => {
    const nobody = fifo();
    const silent = fifo();
    const writer = createWriteStream(silent);
    for (const at of [nobody, silent]) {
      const controller = new AbortController();
      const reading = readNamedFile(at, { ...limits, signal: controller.signal });
      if (at === silent) await once(writer, 'open');
      const interrupted = new Error('interrupted');
      controller.abort(interrupted);
      await assert.rejects(reading, (error) => error === interrupted);
      await assert.rejects(readNamedFile(at, { ...limits, signal: controller.signal }), (error) => error === interrupted);
    }
    writer.destroy();
  });

  test('a pipe or device that never ends is refused at the limit', async () => {
    assert.equal(await reason(read('/dev/zero')), 'it is larger than 97.7KiB');
    const at = fifo();
    const reading = read(at);
    const endless = shell('exec yes > "$1"', at);
    assert.equal(await reason(reading), 'it is larger than 97.7KiB');
    await once(endless, 'exit');
  });

  test('an empty device is an empty text', async () => {
    assert.equal(await read('/dev/null'), '');
  });
});

test('a stream is read to its end, up to the limit, and lets go at an interruption', async () => {
  assert.equal((await readStream(Readable.from([Buffer.from('a'), 'b']), limits)).toString(), 'ab');
  assert.equal(
    await reason(readStream(Readable.from([Buffer.alloc(limits.largest), 'x']), limits)),
    'it is larger than 97.7KiB',
  );
  const controller = new AbortController();
  const silent = new PassThrough();
  const reading = readStream(silent, { ...limits, signal: controller.signal });
  const interrupted = new Error('interrupted');
  controller.abort(interrupted);
  await assert.rejects(reading, (error) => error === interrupted);
  assert.ok(silent.destroyed);
});
