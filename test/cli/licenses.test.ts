/** kt carries the licences of what it contains: every package that is in the binary or comes with the package, Kafka's, and Bun's. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kt, programs } from '../support/kt.ts';

const root = join(import.meta.dirname, '../..');
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const linkedIntoBun = [
  /BoringSSL[\s\S]+OpenSSL/,
  /Brotli Authors/,
  /libarchive[\s\S]+Tim Kientzle/,
  /Cloudflare/,
  /LiteSpeed Technologies/,
  /Chromium Authors/,
  /Microsoft Corporation/,
  /Kazuho Oku/,
  /Meta Platforms|Facebook/,
  /simdutf authors/,
  /Jean-loup Gailly/,
  /Massachusetts Institute of Technology/,
  /Unicode, Inc\./,
  /Alfred Klomp/,
  /libuv project contributors/i,
  /Eric Biggers/,
  /libjpeg-turbo[\s\S]+Independent JPEG Group/,
  /Randy/,
  /Google Inc\. All rights reserved/,
  /Evan Wallace/,
  /Feross Aboukhadijeh/,
];

/** Each package's part of the text, by its name. */
function sections(text: string): Map<string, string> {
  const parts = text.split(/^={100}\n(.+)\n={100}\n/m);
  return new Map(parts.flatMap((title, at) => (at % 2 === 1 ? [[title.split(' ')[0]!, parts[at + 1]!] as const] : [])));
}

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  test(`${program}: kt --licenses prints a licence for everything that is in kt`, async () => {
    const { code, stdout, stderr } = await kt(['--licenses'], { program, cwd: '/' });
    assert.deepEqual([code, stderr], [0, '']);
    const found = sections(stdout);
    const locked = Object.entries(json('package-lock.json').packages as Record<string, { dev?: boolean }>);
    const installed = locked.filter(([path, { dev }]) => path !== '' && !dev).map(([path]) => nameOf(path));
    const bundled = Object.keys(json('node_modules/.cache/kt-build/kt.json').inputs)
      .filter((path) => path.includes('node_modules/'))
      .map((path) => /^(@[^/]+\/)?[^/]+/.exec(nameOf(path))![0]);
    assert.ok(installed.length > 10 && bundled.length > 10);
    for (const name of new Set([...installed, ...bundled, 'Apache', 'Bun'])) {
      const text = found.get(name) ?? '';
      assert.match(text, /copyright/i, name);
      assert.match(text, /Permission is hereby granted|Permission to use, copy|Redistribution and use|Apache License/, name);
    }
    const dev = locked.filter(([path, each]) => each.dev && !installed.includes(nameOf(path))).map(([path]) => nameOf(path));
    assert.deepEqual(
      dev.filter((name) => found.has(name)),
      [],
      'what only builds and tests kt is not in it',
    );
    assert.match(found.get('@bokuweb/zstd-wasm')!, /bokuweb12@gmail\.com[\s\S]+Meta Platforms/);
    // What Bun's own list names as linked into it, each with the holder of its copyright.
    for (const holder of linkedIntoBun) assert.match(found.get('Bun')!, holder);
    assert.match(found.get('Bun')!, /Whoever wants to change them builds a Bun with them/);
    assert.match(found.get('Bun')!, /LIBRARY GENERAL PUBLIC LICENSE[\s\S]+LESSER GENERAL PUBLIC LICENSE/);
  });
}
