/** `kt profile`: the config file as its commands leave it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { usageError } from '../../../src/base/errors.ts';
import type { GlobalOptions } from '../../../src/cli/options.ts';
import { profileAdd } from '../../../src/commands/profile/add.ts';
import { editorCall } from '../../../src/commands/profile/edit.ts';
import { profileList } from '../../../src/commands/profile/list.ts';
import { profileRemove } from '../../../src/commands/profile/remove.ts';
import { profileShow } from '../../../src/commands/profile/show.ts';
import { profileUse } from '../../../src/commands/profile/use.ts';
import type { Context } from '../../../src/context.ts';
import { readGiven, registrySettings, resolveSettings } from '../../../src/settings/resolve.ts';
import { userOf } from '../../support/user-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-profile-'));
after(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();
const noFlags: GlobalOptions = { property: [], addressMap: [], color: 'auto', quiet: false, verbose: false, yes: true };

/** A user with a home of their own. */
function user(text?: string) {
  const home = join(folder, randomUUID());
  const path = join(home, 'kt', 'config.yaml');
  if (text !== undefined) {
    mkdirSync(join(home, 'kt'), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
  }
  const env = { XDG_CONFIG_HOME: home };
  const asked: string[] = [];
  const notes: string[] = [];
  const context = (globals: Partial<GlobalOptions> = {}) =>
    ({
      env,
      signal,
      note: (text: string) => void notes.push(text),
      cwd: folder,
      globals: { ...noFlags, ...globals },
      confirm: async (question: string) => {
        asked.push(question);
        if (globals.yes === false) throw usageError('not confirmed');
      },
    }) as unknown as Context;
  return { path, env, asked, notes, context, text: () => readFileSync(path, 'utf8') };
}

test('a registry is saved with its address, and shown without its password', async () => {
  const { context, env } = user();
  const registry = 'http://me:S3cret@registry:8081';
  await profileAdd.run(context({ registry }), { name: 'prod' }, { use: true });
  const shown = await profileShow.run(context(), { name: undefined }, {});
  assert.equal((shown as { registry: string }).registry, 'http://me:********@registry:8081');
  const settings = await registrySettings(await readGiven(noFlags, env, signal));
  assert.deepEqual(settings?.urls, ['http://registry:8081']);
  await assert.rejects(async () => profileAdd.run(context({ registry: 'registry:8081' }), { name: 'x' }, { use: false }), {
    kind: 'usage',
    message: /no address of a registry/,
  });
});

test('what was added is listed, shown and used', async () => {
  const { context, env, path } = user();
  const globals: Partial<GlobalOptions> = {
    bootstrapServer: 'a:1,b:2',
    property: ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN', 'sasl.username=u', 'sasl.password=p=1 # "x"'],
    addressMap: ['a:1=localhost:1'],
    proxy: 'socks5://ops:hush@bastion',
    timeoutMs: 90_500,
  };
  assert.deepEqual(await profileAdd.run(context(globals), { name: 'prod' }, { use: true }), [
    { name: 'prod', status: 'added', current: true },
  ]);
  assert.deepEqual(await profileList.run(context(), {}, {}), [
    {
      name: 'prod',
      bootstrapServer: 'a:1,b:2',
      securityProtocol: 'SASL_PLAINTEXT',
      proxy: 'socks5://ops:********@bastion',
      current: true,
    },
  ]);
  assert.deepEqual(await profileShow.run(context(), { name: undefined }, {}), {
    name: 'prod',
    current: true,
    bootstrapServer: 'a:1,b:2',
    registry: null,
    commandConfig: null,
    addressMap: ['a:1=localhost:1'],
    proxy: 'socks5://ops:********@bastion',
    timeoutMs: 90_500,
    properties: {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      'sasl.username': 'u',
      'sasl.password': '********',
    },
  });
  const settings = await resolveSettings(noFlags, env, signal);
  assert.equal(userOf(settings).password, 'p=1 # "x"');
  assert.equal(settings.timeoutMs, 90_500);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a command config is kept with its whole path, and says what the list shows', async () => {
  const { context } = user();
  writeFileSync(join(folder, 'client.properties'), 'bootstrap.servers=f:1\nsecurity.protocol=ssl\n');
  await profileAdd.run(context({ commandConfig: 'client.properties' }), { name: 'f' }, { use: false });
  assert.deepEqual(await profileList.run(context(), {}, {}), [
    { name: 'f', bootstrapServer: 'f:1', securityProtocol: 'SSL', proxy: null, current: true },
  ]);
  assert.equal((await profileShow.run(context(), { name: 'f' }, {})).commandConfig, join(folder, 'client.properties'));
});

test('a profile works in any folder: relative paths are kept whole', async () => {
  const { context } = user();
  const property = [
    'security.protocol=SSL',
    'ssl.ca.location=tls/ca.pem',
    'ssl.keystore.location=/etc/client.p12',
    `ssl.keystore.password=\${file:secrets/store}`,
    `ssl.key.location=\${env:KEYS}/client.key`,
    `ssl.key.password=\${env:PW}`,
  ];
  await profileAdd.run(context({ property, bootstrapServer: 'a:1' }), { name: 'p' }, { use: false });
  assert.deepEqual((await profileShow.run(context(), { name: 'p' }, {})).properties, {
    'security.protocol': 'SSL',
    'ssl.ca.location': join(folder, 'tls/ca.pem'),
    'ssl.keystore.location': '/etc/client.p12',
    'ssl.keystore.password': `\${file:${join(folder, 'secrets/store')}}`,
    'ssl.key.location': `\${env:KEYS}/client.key`,
    'ssl.key.password': `\${env:PW}`,
  });
});

const written = `# my clusters
current: a # the usual one
profiles:
  # the one on this machine
  a: { bootstrapServer: a:1 } # small
  b:
    bootstrapServer: "b:1"
    properties:
      sasl.password: 0123
`;

test('changes keep comments, order, quotes and every other value', async () => {
  const { context, text } = user(written);
  await profileUse.run(context(), { name: 'b' }, {});
  assert.equal(text(), written.replace('current: a', 'current: b'));
  await profileUse.run(context(), { name: 'a' }, {});
  await profileAdd.run(context({ bootstrapServer: 'c:1' }), { name: 'c' }, { use: false });
  assert.equal(text(), `${written}  c:\n    bootstrapServer: c:1\n`);
  await profileRemove.run(context(), { name: 'c' }, {});
  assert.equal(text(), written);
});

test('once the current profile is removed, commands fail until another is chosen, rather than go to the default address', async () => {
  const { context, env, text, asked, notes, path } = user(written);
  assert.deepEqual(await profileRemove.run(context(), { name: 'a' }, {}), [{ name: 'a', status: 'removed' }]);
  assert.deepEqual(asked, [`Remove profile 'a' from ${path}?`]);
  assert.doesNotMatch(text(), /a:1/);
  assert.match(notes.join(), /'a' was the current profile: .*kt profile use NAME/);
  await assert.rejects(resolveSettings(noFlags, env, signal), {
    kind: 'usage',
    message: `the current profile 'a' is gone (${path} has only b)`,
    hint: 'kt profile use b, or give -b host:9092',
  });
  const { bootstrapServers } = await resolveSettings({ ...noFlags, bootstrapServer: 'c:1' }, env, signal);
  assert.deepEqual(bootstrapServers, [{ host: 'c', port: 1 }]);
});

test('a current profile that is gone is reported, and can be replaced', async () => {
  const { context, env } = user(written.replace('current: a', 'current: gone'));
  await assert.rejects(resolveSettings(noFlags, env, signal), {
    kind: 'usage',
    message: /^the current profile 'gone' is gone \(.*only a, b\)$/,
  });
  await profileUse.run(context(), { name: 'b' }, {});
  assert.equal((await profileShow.run(context(), { name: undefined }, {})).name, 'b');
});

test('without a yes nothing is removed', async () => {
  const { context, text } = user(written);
  await assert.rejects(async () => profileRemove.run(context({ yes: false }), { name: 'a' }, {}), { kind: 'usage' });
  assert.equal(text(), written);
});

test('a file with an empty list of profiles takes the first one', async () => {
  for (const start of ['', '# nothing yet\n', 'profiles:\n', 'profiles: {}\n']) {
    const { context } = user(start);
    await profileAdd.run(context({ bootstrapServer: 'a:1' }), { name: 'a' }, { use: true });
    assert.equal((await profileList.run(context(), {}, {}))[0]?.current, true, start);
  }
});

test('what cannot work later is refused, and the file stays as it was', async () => {
  const { context, text, path } = user(written);
  const add = async (name: string, globals: Partial<GlobalOptions>) =>
    profileAdd.run(context(globals), { name }, { use: true });
  const table: [string, Partial<GlobalOptions>, RegExp][] = [
    ['a', { bootstrapServer: 'c:1' }, /profile 'a' exists already/],
    ['c d', { bootstrapServer: 'c:1' }, /invalid profile name/],
    ['c', {}, /nothing to save/],
    ['c', { bootstrapServer: 'c:99999' }, /port '99999'/],
    ['c', { addressMap: ['x'] }, /--address-map/],
    ['c', { proxy: 'bastion:1080' }, /--proxy/],
    ['c', { property: ['sasl.usrname=x'] }, /sasl\.usrname/],
    ['c', { property: ['sasl.username=x'] }, /has no effect/],
    ['c', { commandConfig: '/nope' }, /cannot read \/nope/],
    ['c', { commandConfig: '/dev/fd/63' }, /\/dev\/fd\/63 lasts only as long as this command/],
  ];
  for (const [name, globals, message] of table) await assert.rejects(() => add(name, globals), { kind: 'usage', message });
  for (const missing of [profileUse, profileRemove, profileShow]) {
    await assert.rejects(async () => missing.run(context(), { name: 'nope' }, {}), {
      kind: 'usage',
      message: /there are: a, b/,
    });
  }
  assert.equal(text(), written);
  assert.deepEqual(readdirSync(join(path, '..')), ['config.yaml']);
});

test('without a current profile, show asks for a name', async () => {
  await assert.rejects(async () => profileShow.run(user().context(), { name: undefined }, {}), {
    message: /no profile is current/,
  });
});

test('a config file that is a symbolic link stays one', {
  skip: process.platform === 'win32' && 'links need rights',
}, async () => {
  const { context, path } = user('');
  const target = join(folder, randomUUID());
  writeFileSync(target, written, { mode: 0o600 });
  rmSync(path);
  symlinkSync(target, path);
  await profileUse.run(context(), { name: 'b' }, {});
  assert.ok(lstatSync(path).isSymbolicLink());
  assert.match(readFileSync(target, 'utf8'), /current: b/);
});

test('a symbolic link to a file that does not exist yet stays one, too', {
  skip: process.platform === 'win32' && 'links need rights',
}, async () => {
  const { context, path } = user('');
  const target = join(folder, randomUUID());
  rmSync(path);
  symlinkSync(target, path);
  await profileAdd.run(context({ bootstrapServer: 'a:1' }), { name: 'a' }, { use: false });
  assert.ok(lstatSync(path).isSymbolicLink());
  assert.match(readFileSync(target, 'utf8'), /a:1/);
});

test('of profiles that are added at the same time, each is kept', async () => {
  const { context } = user();
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
  await Promise.all(names.map((name) => profileAdd.run(context({ bootstrapServer: `${name}:1` }), { name }, { use: false })));
  const listed = await profileList.run(context(), {}, {});
  assert.deepEqual(listed.map(({ name }) => name).sort(), [...names].sort());
});

test('a profile that others are made from cannot be removed', async () => {
  const shared = 'profiles:\n  a: &a\n    bootstrapServer: a:1\n  b: *a\n';
  const { context, text } = user(shared);
  await assert.rejects(async () => profileRemove.run(context(), { name: 'a' }, {}), {
    kind: 'usage',
    message: /\(an alias would be left without its anchor\)$/,
  });
  assert.equal(text(), shared);
});

test('a config file that others can change is not used', {
  skip: process.platform === 'win32' && 'no file modes',
}, async () => {
  const { context, env, path } = user(written);
  for (const mode of [0o620, 0o602, 0o666]) {
    chmodSync(path, mode);
    await assert.rejects(resolveSettings(noFlags, env, signal), { kind: 'usage', message: /can be changed by others/ });
    await assert.rejects(async () => profileUse.run(context(), { name: 'b' }, {}), { hint: `chmod go-w ${path}` });
  }
});

test('adding a secret makes a readable file private', { skip: process.platform === 'win32' && 'no file modes' }, async () => {
  const { context, path } = user('profiles: { a: { bootstrapServer: a:1 } }\n');
  chmodSync(path, 0o644);
  await profileAdd.run(context({ property: ['security.protocol=SASL_SSL', 'sasl.password=x'] }), { name: 's' }, { use: false });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(existsSync(path));
});

test('the editor, of one word or several, is started by the shell that the system has', () => {
  const path = '/home/me/my config.yaml';
  const line = ({ command, args, shell }: ReturnType<typeof editorCall>) => [command, ...args, shell];
  assert.deepEqual(line(editorCall({}, path, 'linux')), ['sh', '-c', 'vi "$1"', 'sh', path, false]);
  assert.deepEqual(line(editorCall({ EDITOR: 'code --wait' }, path, 'darwin')), [
    'sh',
    '-c',
    'code --wait "$1"',
    'sh',
    path,
    false,
  ]);
  assert.deepEqual(line(editorCall({}, path, 'win32')), [`notepad "${path}"`, true]);
  assert.deepEqual(line(editorCall({ EDITOR: 'vim', VISUAL: 'code --wait' }, path, 'win32')), [`code --wait "${path}"`, true]);
});
