/** The config file: where it is, what is wrong with it, who may read it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { KtError } from '../../../src/base/errors.ts';
import { openProfiles, parseProfiles, readProfiles } from '../../../src/settings/profile-file.ts';
import { isAbsent, profilePath } from '../../../src/settings/profile-path.ts';
import { holdsSecret, redact } from '../../../src/settings/secrets.ts';

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'kt-profiles-'));
after(() => rmSync(folder, { recursive: true }));

function file(text: string, mode = 0o600): string {
  const path = join(folder, randomUUID());
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('the config file is where the XDG specification says', async () => {
  assert.equal(profilePath({ XDG_CONFIG_HOME: '/x', HOME: '/h' }), '/x/kt/config.yaml');
  assert.equal(profilePath({ XDG_CONFIG_HOME: 'relative', HOME: '/h' }), '/h/.config/kt/config.yaml');
  assert.equal(profilePath({ XDG_CONFIG_HOME: '', HOME: '/h' }), '/h/.config/kt/config.yaml');
  assert.equal(profilePath({}), undefined);
  await assert.rejects(openProfiles({}, signal), { kind: 'usage', message: /HOME is not set/ });
});

test('no file, an empty one and one of comments hold no profiles', async () => {
  for (const path of [join(folder, 'none'), file(''), file('# later\n'), file('profiles:\ncurrent:\n'), file('profiles: {}')]) {
    const { current, profiles } = await readProfiles(path, signal);
    assert.deepEqual([current, profiles.size], [undefined, 0]);
  }
});

test('a file is absent only where there is none: one that cannot be looked at is left to whoever reads it', () => {
  assert.equal(isAbsent(join(folder, 'none')), true);
  assert.equal(isAbsent(file('')), false);
  assert.equal(isAbsent(`${folder}/\0`), false);
});

test('every value is the text that was written', async () => {
  const path = file(`current: 1
profiles:
  1:
    bootstrapServer: a:9092
    properties: { sasl.password: 0123, sasl.username: no, client.id: 1e5 }
    addressMap: ["a:9092=localhost:1", b=c]
    timeout: 1m
`);
  const { current, profiles } = await readProfiles(path, signal);
  assert.equal(current, '1');
  const profile = profiles.get('1')!;
  assert.deepEqual(
    profile.properties.map(({ name, value }) => [name, value]),
    [
      ['sasl.password', '0123'],
      ['sasl.username', 'no'],
      ['client.id', '1e5'],
    ],
  );
  assert.deepEqual(profile.addressMap, ['a:9092=localhost:1', 'b=c']);
  assert.equal(profile.timeoutMs, 60_000);
});

test('an error names its line and what to type', async () => {
  const table: [string, string, RegExp][] = [
    ['curent: a\n', "line 1: the file: unknown key 'curent'", /did you mean current\?/],
    ['profiles:\n  a:\n    bootstrapServers: x\n', "line 3: profile 'a': unknown key 'bootstrapServers'", /bootstrapServer\?/],
    [
      'profiles:\n  a:\n    properties:\n      sasl.usrname: x\n',
      "line 4: properties: unknown client property 'sasl.usrname'",
      /sasl\.username\?/,
    ],
    ['profiles:\n  a:\n    timeout: soon\n', "line 3: timeout: 'soon' is not a duration", /10s/],
    ['profiles:\n  a:\n    timeout: forever\n', "line 3: timeout: 'forever' is not a duration", /10s/],
    ['profiles:\n  a:\n    addressMap: b=c\n', 'line 3: addressMap must be a list', /\[/],
    ['profiles:\n  a:\n    bootstrapServer: [x]\n', 'line 3: bootstrapServer must be a text', /quotes/],
    ['profiles: [a]\n', 'line 1: profiles must be a map of names to values', /name: value/],
    ['profiles:\n  a: b\n', "line 2: profile 'a' must be a map of names to values", /name: value/],
    ['profiles:\n  a: {}\n  a: {}\n', 'line 3: not valid YAML (DUPLICATE_KEY)', /quotes/],
    ['profiles:\n  a: {\n', 'line 3: not valid YAML (BAD_INDENT)', /quotes/],
  ];
  for (const [text, message, hint] of table) {
    const path = file(text);
    const error = await readProfiles(path, signal).then(
      () => assert.fail(`taken: ${text}`),
      (error: KtError) => error,
    );
    assert.equal(error.message, `${path}, ${message}`);
    assert.equal(error.kind, 'usage');
    assert.match(error.hint ?? '', hint, message);
  }
});

const withSecret: readonly string[] = [
  'sasl.password: hunter2',
  'ssl.key.password: hunter2',
  'sasl.jaas.config: \'X required username="u" password="hunter2";\'',
  'ssl.keystore.key: hunter2',
  'ssl.key.pem: hunter2',
  `sasl.password: 'x\${env:PW}'`,
];
const withoutSecret: readonly string[] = [
  `sasl.password: '\${env:PW}'`,
  `sasl.password: '\${file:/run/secret}'`,
  `sasl.jaas.config: 'X required username="u" password="\${env:PW}";'`,
  'sasl.username: u',
];

test('Windows has no modes: what they say there counts for nothing', async () => {
  const named = { bytes: Buffer.from(`profiles:\n  a:\n    properties:\n      ${withSecret[0]}\n`), mode: 0o100666 };
  assert.equal((await parseProfiles(named, 'config.yaml', 'win32')).profiles.size, 1);
  await assert.rejects(parseProfiles(named, 'config.yaml', 'darwin'), { hint: 'chmod go-w config.yaml' });
});

test('a file that holds a secret must be for the owner only', {
  skip: process.platform === 'win32' && 'no file modes',
}, async () => {
  for (const property of withSecret) {
    const text = `profiles:\n  a:\n    properties:\n      ${property}\n`;
    await readProfiles(file(text, 0o600), signal);
    for (const mode of [0o640, 0o604, 0o644]) {
      const path = file(text, mode);
      await assert.rejects(readProfiles(path, signal), (error: KtError) => {
        assert.match(error.message, /can be read by others and holds a secret \(\S+ \(.*line 4\)\)$/);
        assert.equal(error.hint, `chmod 600 ${path}`);
        assert.ok(!error.message.includes('hunter2'));
        return error.kind === 'usage';
      });
    }
  }
  for (const property of withoutSecret)
    await readProfiles(file(`profiles:\n  a:\n    properties:\n      ${property}\n`, 0o644), signal);
});

test('a secret is hidden, a reference to one is not', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sasl.password', 'ssl.key.password', 'ssl.keystore.key', 'ssl.truststore.password'),
      fc.stringMatching(/^[^*$]{1,20}$/),
      (name, secret) => {
        assert.ok(holdsSecret(name, secret));
        assert.equal(redact(name, secret), '********');
      },
    ),
  );
  assert.equal(redact('sasl.password', `\${env:PW}`), `\${env:PW}`);
  assert.equal(redact('sasl.jaas.config', 'X required password="a";'), '********');
  assert.equal(redact('client.id', 'a'), 'a');
});

test('an alias without an anchor is an error with its line, not an empty value', async () => {
  const nowhere = file('profiles:\n  prod:\n    properties: *tls\n');
  await assert.rejects(readProfiles(nowhere, signal), {
    kind: 'usage',
    message: /, line 3: the alias has no anchor before it$/,
  });
  const later = file('profiles:\n  prod:\n    properties: *tls\n  stage:\n    properties: &tls {client.id: x}\n');
  await assert.rejects(readProfiles(later, signal), { kind: 'usage', message: /line 3: the alias/ });
});

test('bytes that are not UTF-8 are an error with their line, not another password', async () => {
  const path = file('');
  writeFileSync(path, Buffer.from('profiles:\n  prod:\n    properties: {sasl.password: pässword}\n', 'latin1'));
  await assert.rejects(readProfiles(path, signal), { kind: 'usage', message: /, line 3: not UTF-8$/ });
});
