/** What a folder takes. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskUse } from '../../../src/local/disk-use.ts';

test('files in folders of a folder count; a folder that is not there takes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kt-disk-'));
  assert.equal(diskUse(join(folder, 'none')), 0);
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  const before = diskUse(folder);
  writeFileSync(join(folder, 'a', 'b', 'c'), Buffer.alloc(1_000_000, 1));
  assert.ok(diskUse(folder) - before >= 1_000_000);
});
