/** `kt local` where the disk refuses. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { localStatus, startLocal, stopLocal } from '../../../src/local/cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-rights-'));
after(() => rmSync(folder, { recursive: true }));

test('a folder that cannot be used is told with its path, not taken for a defect', async () => {
  // A file where a folder should be: unlike rights, it stops the superuser too.
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const place = { name: 'default', directory: join(file, 'local'), cacheDirectory: folder, javaHome: undefined };
  const options = { signal: new AbortController().signal, note: () => {} };
  for (const refused of [localStatus(place, options), stopLocal(place, options), startLocal(place, options)]) {
    await assert.rejects(refused, { kind: 'usage', message: /^cannot use .*file.* \(a part of the path is no folder\)$/ });
  }
});
