/** The same files make the same bytes, whenever and in whatever order they were written. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pack } from '../../../../scripts/release/archives.ts';
import { platforms } from '../../../../scripts/release/platforms.ts';
import { makeSbom } from '../../../../scripts/release/sbom.ts';
import { setTimes } from '../../../../scripts/release/tree.ts';

const time = 1_700_000_000;

for (const platform of [
  platforms.find(({ archive }) => archive === 'tar.gz')!,
  platforms.find(({ archive }) => archive === 'zip')!,
]) {
  test(`${platform.archive}: packed twice, the same bytes`, async (t) => {
    const packed = async (names: readonly string[], written: number) => {
      const folder = mkdtempSync(join(tmpdir(), 'kt-pack-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const tree = join(folder, 'tree');
      mkdirSync(join(tree, 'bin'), { recursive: true });
      for (const name of names) {
        writeFileSync(join(tree, name), name);
        utimesSync(join(tree, name), written, written);
      }
      setTimes(tree, time);
      return readFileSync(await pack(platform, tree, folder, time));
    };
    const first = await packed(['bin/kt', 'LICENSE', 'README'], 1_600_000_000);
    assert.ok(first.equals(await packed(['README', 'LICENSE', 'bin/kt'], 1_500_000_000)));
    assert.ok(!first.equals(await packed(['README', 'LICENSE', 'bin/kz'], 1_500_000_000)));
  });
}

test('the SBOM names all that kt contains, Bun too, and is the same each time', async () => {
  const [sbom, again] = await Promise.all([makeSbom(time), makeSbom(time)]);
  assert.deepEqual(sbom, again);
  assert.equal(sbom.bomFormat, 'CycloneDX');
  assert.match(sbom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([sbom.metadata.component.name, sbom.metadata.timestamp], ['kt', '2023-11-14T22:13:20.000Z']);
  const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package-lock.json'), 'utf8'));
  const shipped = Object.entries<{ version: string; dev?: boolean; devOptional?: boolean }>(packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  const names = sbom.components.map(({ name, version }) => `${name}@${version}`);
  for (const [path, { version }] of shipped) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    assert.ok(names.includes(`${name}@${version}`), name);
  }
  const bun = sbom.components.find(({ name }) => name === 'bun')!;
  assert.equal(bun.version, packages['node_modules/bun'].version);
  const refs = sbom.components.map((component) => component['bom-ref']);
  assert.equal(new Set(refs).size, refs.length);
  assert.ok(
    sbom.dependencies.some(
      ({ ref, dependsOn }) => ref === sbom.metadata.component['bom-ref'] && dependsOn.includes(bun['bom-ref']),
    ),
  );
});
