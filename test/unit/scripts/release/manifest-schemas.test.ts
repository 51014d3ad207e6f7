/** The manifests for scoop and winget are what the schemas of their makers allow; each schema refuses what is wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { manifests } from '../../../../scripts/release/manifests.ts';
import { archiveOf, platforms } from '../../../../scripts/release/platforms.ts';

const made = manifests(new Map(platforms.map((platform, index) => [archiveOf(platform), String(index).repeat(64)])));

interface Manifest {
  [field: string]: unknown;
}

/** @returns a new copy each time */
function read(path: string): Manifest {
  const text = made.get(path);
  assert.ok(text, path);
  return path.endsWith('.json') ? JSON.parse(text) : parse(text);
}

function schema(name: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // C's name for an integer.
  ajv.addFormat('long', { type: 'number', validate: Number.isSafeInteger });
  return ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', `${name}.json`), 'utf8')));
}

function assertValid(validate: ValidateFunction, manifest: Manifest): void {
  validate(manifest);
  assert.deepEqual(validate.errors ?? [], []);
}

test("scoop's manifest is valid by its schema, and one without a usable hash is not", () => {
  const validate = schema('scoop');
  assertValid(validate, read('scoop/kt.json'));
  const short = read('scoop/kt.json');
  (short['architecture'] as { '64bit': Manifest })['64bit']['hash'] = 'abc';
  assert.equal(validate(short), false);
  assert.equal(validate({ ...read('scoop/kt.json'), extractdir: 'kt' }), false, 'a field that scoop does not know');
});

for (const [type, path, field, wrong] of [
  ['version', 'winget/kafka-kt.kt.yaml', 'PackageIdentifier', 'kt'],
  ['installer', 'winget/kafka-kt.kt.installer.yaml', 'NestedInstallerType', 'zip'],
  ['defaultLocale', 'winget/kafka-kt.kt.locale.en-US.yaml', 'ShortDescription', ''],
] as const) {
  test(`winget's manifest of type ${type} is valid by its schema, and one with a wrong ${field} is not`, () => {
    const version = String(read(path)['ManifestVersion']);
    const validate = schema(`winget.${type}.${version}`);
    assertValid(validate, read(path));
    assert.equal(validate({ ...read(path), [field]: wrong }), false);
    const { ManifestVersion: _, ...without } = read(path);
    assert.equal(validate(without), false);
  });
}

test("the hash of winget's installer is in capitals, as all of its repository has them, and a short one is refused", () => {
  const validate = schema('winget.installer.1.12.0');
  const manifest = read('winget/kafka-kt.kt.installer.yaml');
  const [installer] = manifest['Installers'] as [Manifest];
  assert.match(String(installer['InstallerSha256']), /^[0-9A-F]{64}$/);
  installer['InstallerSha256'] = 'abc';
  assert.equal(validate(manifest), false);
});
