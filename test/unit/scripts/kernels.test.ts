/** The kernels in the sources are those that are made from kernels/. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../..');
const sources = readdirSync(join(root, 'kernels')).filter((file) => file.endsWith('.ts'));

test('there are kernels', () => assert.ok(sources.length > 0));

for (const file of sources) {
  test(`kernels/${file} was compiled after its last change: npm run kernels`, () => {
    const hash = createHash('sha256')
      .update(readFileSync(join(root, 'kernels', file)))
      .digest('hex');
    assert.ok(readFileSync(join(root, 'src/kafka/kernels/generated', file), 'utf8').includes(hash));
  });
}
