/** Changes to the config file: what others share with a removed profile stays theirs. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { removeProfile } from '../../../src/settings/profile-edit.ts';
import { readProfiles } from '../../../src/settings/profile-file.ts';

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'kt-profiles-'));
after(() => rmSync(folder, { recursive: true }));

/** What is left of a file without a profile, and each profile's properties by `name`, before and after. */
async function without(name: string, text: string) {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  const before = await properties(path);
  await removeProfile({ path, signal }, name);
  return { text: readFileSync(path, 'utf8'), before, after: await properties(path) };
}

async function properties(path: string): Promise<Record<string, string>> {
  const { profiles } = await readProfiles(path, signal);
  const texts = [...profiles.values()].map((profile): [string, string] => [
    profile.name,
    profile.properties.map(({ name, value }) => `${name}=${value}`).join(' '),
  ]);
  return Object.fromEntries(texts);
}

test('what a removed profile defined for others moves to the first of them, comments stay', async () => {
  const { text, after: left } = await without(
    'prod',
    `# clusters
profiles:
  prod:
    properties: &tls { security.protocol: SSL, client.id: &id me }
  stage:
    # the same keys
    properties: *tls
  test:
    properties: *tls
  other:
    properties: { client.id: *id }
`,
  );
  const tls = 'security.protocol=SSL client.id=me';
  assert.deepEqual(left, { stage: tls, test: tls, other: 'client.id=me' });
  assert.match(text, /# clusters\n.*stage:\n {4}# the same keys\n {4}properties: &tls/s);
  assert.match(text, /test:\n {4}properties: \*tls/);
});

test('a whole profile, anchors inside and names as aliases included', async () => {
  const { after: left } = await without(
    'a',
    `profiles:
  a: &base { properties: &p { client.id: &id x } }
  b: *base
  c: { properties: *p }
  d: { properties: { client.id: *id } }
`,
  );
  assert.deepEqual(left, { b: 'client.id=x', c: 'client.id=x', d: 'client.id=x' });
  const named = await without(
    'x',
    'profiles:\n  y: { properties: { client.id: &n x } }\n  *n : { properties: { client.id: z } }\n',
  );
  assert.deepEqual([named.before, named.after], [{ y: 'client.id=x', x: 'client.id=z' }, { y: 'client.id=x' }]);
});

test('an anchor that stands twice never gives another profile other properties', async () => {
  const twice = `profiles:
  a: &base { properties: &p { client.id: one } }
  b: { properties: &p { client.id: two } }
  c: *base
  d: { properties: *p }
`;
  await assert.rejects(without('a', twice), { kind: 'usage', message: /profile 'a' holds what others use as \*p/ });
  assert.equal(readFileSync(join(folder, 'config.yaml'), 'utf8'), twice);
});
