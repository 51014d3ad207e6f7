/** The archive of Kafka's classes: used where there is one, left by one node where there is none, never half-written. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { archiveFlags, archiveName, keepArchive } from '../../../src/local/class-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-archive-'));
after(() => rmSync(folder, { recursive: true }));

function places(name: string): { readonly cache: string; readonly node: string } {
  const made = { cache: join(folder, name, 'cache'), node: join(folder, name, 'node-1') };
  for (const path of Object.values(made)) mkdirSync(path, { recursive: true });
  return made;
}

const name = archiveName('openjdk version "17.0.15"');

test('another Java has another archive', () => {
  assert.notEqual(archiveName('openjdk version "21.0.1"'), name);
});

test('a node that may leave an archive does, and the next ones use it', () => {
  const { cache, node } = places('used');
  assert.deepEqual(archiveFlags(cache, name, node, false), []);
  assert.ok(archiveFlags(cache, name, node, true).includes(`-XX:ArchiveClassesAtExit=${join(node, name)}`));
  writeFileSync(join(node, name), 'whole');
  keepArchive(node, cache);
  assert.equal(readFileSync(join(cache, name), 'utf8'), 'whole');
  assert.equal(existsSync(join(node, name)), false);
  for (const mayLeave of [true, false])
    assert.ok(archiveFlags(cache, name, node, mayLeave).includes(`-XX:SharedArchiveFile=${join(cache, name)}`));
});

test('what a killed node has half written is thrown away', () => {
  const { cache, node } = places('killed');
  writeFileSync(join(node, name), Buffer.alloc(4096));
  keepArchive(node, cache);
  assert.deepEqual([existsSync(join(cache, name)), existsSync(join(node, name))], [false, false]);
});

test('an archive that is there already stays, since brokers may have it in memory', () => {
  const { cache, node } = places('kept');
  writeFileSync(join(cache, name), 'first');
  writeFileSync(join(node, name), 'second');
  keepArchive(node, cache);
  assert.equal(readFileSync(join(cache, name), 'utf8'), 'first');
});
