import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CachedSchema, SchemaCache } from '../../../../src/schemas/registry/disk-cache.ts';
import { isMissing, isUnreachable } from '../../../../src/schemas/registry/error.ts';
import { opened, serving } from './opened.ts';

const address = { id: 1, subject: 'address', schema: '"string"' };
const person = { id: 2, subject: 'person', schema: '"int"', references: [{ name: 'A', subject: 'address', version: 1 }] };
const remote = { origin: '--registry', timeoutMs: 1000, headers: {} };
const kept: CachedSchema = { root: { id: 1, type: 'AVRO', text: '"string"', references: [] }, references: {} };
const key = { kind: 'id', name: '1', context: '.' } as const;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'kt-schemas-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function files(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('what one run has read, the next one has while the registry is away, references too', async (t) => {
  const cacheDirectory = folder(t);
  const server = await serving(t, [address, person]);
  await opened(t, server.url, { cacheDirectory }).source.byId(2);
  await server.close();
  const { source } = opened(t, server.url, { cacheDirectory });
  const schema = await source.byId(2);
  assert.equal(schema.references[0]?.schema.text, '"string"');
  await assert.rejects(source.byId(1), isUnreachable);
});

test('a registry of this machine that began anew gives its new schema, not the one that is kept', async (t) => {
  const cacheDirectory = folder(t);
  let schema = '"string"';
  const server = await serving(t, [], () => ({ status: 200, body: { schema } }));
  assert.equal((await opened(t, server.url, { cacheDirectory }).source.byId(1)).text, '"string"');
  schema = '"int"';
  assert.equal((await opened(t, server.url, { cacheDirectory }).source.byId(1)).text, '"int"');
});

test('what is kept of a registry elsewhere counts without asking: an id means one schema for ever', async (t) => {
  const cacheDirectory = folder(t);
  const settings = { ...remote, urls: ['http://registry.invalid:8081'], cacheDirectory };
  new SchemaCache(settings).write(key, kept);
  assert.equal((await opened(t, settings.urls, settings).source.byId(1)).text, '"string"');
  assert.ok(new SchemaCache(settings).isTrusted);
  for (const url of ['http://localhost:8081', 'http://127.0.0.1:1', 'http://[::1]:1', 'http://schema-registry:8081'])
    assert.equal(new SchemaCache({ ...settings, urls: [url] }).isTrusted, false, url);
});

test('files are for their owner only', (t) => {
  const cacheDirectory = join(folder(t), 'schemas');
  new SchemaCache({ ...remote, urls: ['http://a.example'], cacheDirectory }).write(key, kept);
  const [file = ''] = files(cacheDirectory);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(cacheDirectory).mode & 0o777, 0o700);
});

test('what belongs to another registry, cluster, context or id, or is damaged, counts as absent', (t) => {
  const cacheDirectory = folder(t);
  const settings = { ...remote, urls: ['http://a.example'], cacheDirectory };
  const cache = new SchemaCache(settings);
  cache.write(key, kept);
  const [file = ''] = files(cacheDirectory);
  assert.deepEqual(cache.read(key), kept);
  assert.equal(new SchemaCache({ ...settings, urls: ['http://b.example'] }).read(key), undefined);
  assert.equal(new SchemaCache({ ...settings, headers: { 'target-sr-cluster': 'lsrc-2' } }).read(key), undefined);
  assert.equal(cache.read({ ...key, context: '.shop' }), undefined);
  assert.equal(cache.read({ ...key, name: '2' }), undefined);
  const whole = readFileSync(file, 'utf8');
  const foreign = whole.replace(/"registry":"\w+"/, '"registry":"other"');
  for (const text of ['', whole.slice(0, -9), '[]', foreign, whole.replace('"schema":', '"skema":'), '\0'.repeat(99)]) {
    writeFileSync(file, text);
    assert.equal(cache.read(key), undefined, text);
  }
});

test('a file that lacks a reference does not serve', async (t) => {
  const cacheDirectory = folder(t);
  const settings = { ...remote, urls: ['http://a.invalid'], cacheDirectory };
  const references = [{ name: 'A', subject: 'address', version: 1 }];
  new SchemaCache(settings).write(key, { root: { ...kept.root, references }, references: {} });
  await assert.rejects(opened(t, settings.urls, settings).source.byId(1), isUnreachable);
});

test('that an id is unknown is not kept', async (t) => {
  const cacheDirectory = folder(t);
  const { url } = await serving(t);
  await assert.rejects(opened(t, url, { cacheDirectory }).source.byId(5), isMissing);
  assert.deepEqual(files(cacheDirectory), []);
});

test('a folder that cannot be written is no error', async (t) => {
  const { url } = await serving(t, [address]);
  assert.equal((await opened(t, url, { cacheDirectory: '/dev/null/kt' }).source.byId(1)).id, 1);
});

test('two processes that keep the same schemas at once leave whole files', (t) => {
  const cacheDirectory = folder(t);
  const settings = { ...remote, urls: ['http://a.example'], cacheDirectory };
  const module = new URL('../../../../src/schemas/registry/disk-cache.ts', import.meta.url).href;
  const program = `
    import { SchemaCache } from ${JSON.stringify(module)};
    const cache = new SchemaCache(${JSON.stringify(settings)});
    for (let round = 0; round < 20; round++)
      for (let id = 0; id < 10; id++) {
        const key = { kind: 'id', name: String(id), context: '.' };
        cache.write(key, { root: { id, type: 'AVRO', text: 'x'.repeat(50_000), references: [] }, references: {} });
        if (cache.read(key)?.root.text.length !== 50_000) throw new Error('damaged');
      }`;
  const line = `${process.execPath} --import tsx --input-type=module -e "$PROGRAM"`;
  const both = spawnSync('sh', ['-c', `${line} & first=$!; ${line} && wait $first`], {
    encoding: 'utf8',
    env: { ...process.env, PROGRAM: program },
  });
  assert.equal(both.status, 0, both.stderr);
  assert.equal(files(cacheDirectory).length, 10);
});
