/** A file in pieces: all of its bytes, in memory that is used again. */
import assert from 'node:assert/strict';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileInput } from '../../../../src/records/produce/file-input.ts';

test('every byte of a file comes once, and a long file takes no more memory than a short one', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'kt-file-input-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'input');
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `line ${index}\n`).join(''));
  writeFileSync(path, content);
  const seen: Buffer[] = [];
  const memories = new Set<ArrayBufferLike>();
  for await (const piece of fileInput(openSync(path, 'r'))) {
    seen.push(Buffer.from(piece));
    memories.add(piece.buffer);
  }
  assert.ok(seen.length > 2);
  assert.ok(Buffer.concat(seen).equals(content));
  assert.equal(memories.size, 2);
});

test('an empty file has no pieces, and a reader may stop early', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'kt-file-input-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'input');
  writeFileSync(path, '');
  for await (const _ of fileInput(openSync(path, 'r'))) assert.fail('nothing is in it');
  writeFileSync(path, 'a\n');
  for await (const piece of fileInput(openSync(path, 'r'))) {
    assert.equal(piece.toString(), 'a\n');
    break;
  }
});
