/** Which cluster is meant: what is named must give an address or is refused; only without any name is the default address used. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { KtError } from '../../../src/base/errors.ts';
import type { ConnectionFlags } from '../../../src/cli/options.ts';
import { addressText } from '../../../src/kafka/connection/address.ts';
import { resolveSettings } from '../../../src/settings/resolve.ts';
import { userOf } from '../../support/user-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-address-'));
after(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();

function file(text: string): string {
  const path = join(folder, `${randomUUID()}.properties`);
  writeFileSync(path, text);
  return path;
}

function withConfig(text: string) {
  const home = join(folder, randomUUID());
  mkdirSync(join(home, 'kt'), { recursive: true });
  writeFileSync(join(home, 'kt', 'config.yaml'), text);
  return { XDG_CONFIG_HOME: home };
}

type Flags = Partial<ConnectionFlags>;
type Env = Record<string, string>;

const resolved = (flags: Flags, env: Env = {}) => resolveSettings({ property: [], addressMap: [], ...flags }, env, signal);

/** The address and where it came from, as `-v` says it. */
async function address(flags: Flags, env: Env = {}): Promise<string> {
  const { bootstrapServers, addressOrigin } = await resolved(flags, env);
  return `${bootstrapServers.map(addressText)} (${addressOrigin})`;
}

async function refusal(flags: Flags, env: Env = {}): Promise<KtError> {
  const error = await resolved(flags, env).then(
    ({ bootstrapServers }) => assert.fail(`it went to ${bootstrapServers.map(addressText)}`),
    (error: KtError) => error,
  );
  assert.equal(error.kind, 'usage', error.stack);
  return error;
}

const prod = withConfig(
  'current: prod\nprofiles: { prod: { bootstrapServer: prod:1 }, bare: { properties: { client.id: x } } }',
);

test('the default address is for runs that name no cluster in any way', async () => {
  assert.equal(await address({}), 'localhost:9092 (the default)');
  assert.equal(
    await address({}, withConfig('profiles: { prod: { bootstrapServer: prod:1 } }')),
    'localhost:9092 (the default)',
  );
  const alone: Flags[] = [{ property: ['security.protocol=SSL'] }, { timeoutMs: 5 }, { addressMap: ['a:1=b:1'] }];
  for (const flags of alone) assert.equal(await address(flags), 'localhost:9092 (the default)');
});

test('where the address came from is told in the words of whoever gave it', async () => {
  const path = file('# ours\nbootstrap.servers = f:1\n');
  assert.equal(await address({ bootstrapServer: 'a:1,b:2' }), 'a:1,b:2 (--bootstrap-server)');
  assert.equal(await address({ property: ['metadata.broker.list=x:1'] }), 'x:1 (-X metadata.broker.list)');
  assert.equal(await address({}, { KT_BOOTSTRAP_SERVER: 'e:1' }), 'e:1 (KT_BOOTSTRAP_SERVER)');
  assert.equal(await address({ commandConfig: path }), `f:1 (${path}, line 2)`);
  assert.equal(await address({}, { KT_COMMAND_CONFIG: path }), `f:1 (${path}, line 2)`);
  assert.equal(await address({}, prod), "prod:1 (profile 'prod')");
  assert.equal(await address({ profile: 'prod' }, prod), "prod:1 (profile 'prod')");
  const byFile = withConfig(`current: p\nprofiles: { p: { commandConfig: ${path} } }`);
  assert.equal(await address({}, byFile), `f:1 (profile 'p': ${path}, line 2)`);
  const byProperty = withConfig('current: p\nprofiles: { p: { properties: { bootstrap.servers: y:1 } } }');
  assert.equal(await address({}, byProperty), "y:1 (profile 'p')");
});

test('a named file that does not say where the cluster is, is refused', async () => {
  const commandConfig = file('client.id=x\n');
  const { message, hint } = await refusal({ commandConfig });
  assert.equal(message, `--command-config: ${commandConfig} does not say where the cluster is (no bootstrap.servers in it)`);
  assert.equal(hint, 'give -b host:9092, or add the line bootstrap.servers=host:9092 to the file');
  const variable = await refusal({}, { KT_COMMAND_CONFIG: commandConfig });
  assert.match(variable.message, /^KT_COMMAND_CONFIG: .* does not say where the cluster is/);
  await refusal({ commandConfig, profile: 'bare' }, prod);
  assert.match(
    (await refusal({ commandConfig: file('bootstrap.servers=\n') })).message,
    /bootstrap\.servers .* names no broker/,
  );
});

test('beside such a file, an address counts that a flag, a variable or a profile gives', async () => {
  const commandConfig = file('client.id=x\n');
  assert.equal(await address({ commandConfig, bootstrapServer: 'a:1' }), 'a:1 (--bootstrap-server)');
  assert.equal(await address({ commandConfig, property: ['bootstrap.servers=x:1'] }), 'x:1 (-X bootstrap.servers)');
  assert.equal(await address({ commandConfig }, { KT_BOOTSTRAP_SERVER: 'e:1' }), 'e:1 (KT_BOOTSTRAP_SERVER)');
  assert.equal(await address({ commandConfig, profile: 'prod' }, prod), "prod:1 (profile 'prod')");
  assert.equal(await address({ commandConfig }, prod), "prod:1 (profile 'prod')");
});

test('an empty file is taken for one that could not be made: not even the current profile stands in for it', async () => {
  for (const commandConfig of [file(''), file('\n# to be filled\n')]) {
    const { message, hint } = await refusal({ commandConfig });
    assert.equal(message, `--command-config: ${commandConfig} does not say where the cluster is (it is empty)`);
    assert.equal(hint, 'check what writes it, or give -b host:9092');
    await refusal({ commandConfig }, prod);
    await refusal({}, { ...prod, KT_COMMAND_CONFIG: commandConfig });
    assert.equal(await address({ commandConfig, profile: 'prod' }, prod), "prod:1 (profile 'prod')");
    assert.equal(await address({ commandConfig, bootstrapServer: 'a:1' }, prod), 'a:1 (--bootstrap-server)');
  }
});

test('a slip in the name of bootstrap.servers is refused, although Java ignores what it does not know', async () => {
  for (const name of ['bootstrap.server', 'bootstrap-servers', 'BOOTSTRAP_SERVERS', 'bootstrapServers']) {
    const error = await refusal({ commandConfig: file(`${name}=test:1\n`) }, prod);
    assert.match(error.message, /line 1\): unknown client property$/);
    assert.equal(error.hint, 'did you mean bootstrap.servers?');
  }
});

test('a profile that is asked for says where the cluster is before the file does, in whichever way', async () => {
  const own = file('bootstrap.servers=own:1\nclient.id=own\n');
  const config = withConfig(`current: key
profiles:
  key: { bootstrapServer: key:1 }
  property: { properties: { bootstrap.servers: property:1 } }
  file: { commandConfig: ${own} }
`);
  const commandConfig = file('bootstrap.servers=test:1\nclient.id=test\n');
  for (const [profile, servers] of [
    ['key', 'key:1'],
    ['property', 'property:1'],
    ['file', 'own:1'],
  ] as const) {
    assert.ok((await address({ profile, commandConfig }, config)).startsWith(`${servers} (profile '${profile}'`));
    const env = { ...config, KT_COMMAND_CONFIG: commandConfig };
    assert.ok((await address({ profile }, env)).startsWith(`${servers} (profile '${profile}'`));
    assert.equal((await resolved({ profile }, env)).clientId, 'test', 'the rest is as the nearer file says');
  }
  assert.match(await address({ commandConfig }, config), /^test:1 /);
});

test('a profile without an address is refused, unless something else gives one', async () => {
  const bare = withConfig('current: bare\nprofiles: { bare: { properties: { client.id: x } } }');
  for (const [flags, env] of [
    [{ profile: 'bare' }, prod],
    [{}, { ...prod, KT_PROFILE: 'bare' }],
    [{}, bare],
    [{ property: ['client.id=y'] }, bare],
  ] as const) {
    const { message, hint } = await refusal(flags, env);
    assert.equal(message, "profile 'bare' does not say where the cluster is (no bootstrapServer in it)");
    assert.match(hint!, /^give -b host:9092, or add bootstrapServer: host:9092 to the profile in .*config\.yaml$/);
  }
  assert.equal(await address({ bootstrapServer: 'a:1' }, bare), 'a:1 (--bootstrap-server)');
  assert.equal(await address({}, { ...bare, KT_BOOTSTRAP_SERVER: 'e:1' }), 'e:1 (KT_BOOTSTRAP_SERVER)');
  const own = file('client.id=z\n');
  const byFile = withConfig(`current: p\nprofiles: { p: { commandConfig: ${own} } }`);
  assert.match((await refusal({}, byFile)).message, /\(no bootstrapServer in it, nor bootstrap\.servers in .*\.properties\)$/);
});

test('an address on the command line beside the current profile: kt says whose other settings are used', async () => {
  const secured = withConfig('current: p\nprofiles: { p: { bootstrapServer: "p:1", properties: { client.id: x } } }');
  const { addressNote } = await resolved({ bootstrapServer: 'a:1' }, secured);
  assert.equal(addressNote, "-b a:1 is used with the other settings of the current profile 'p'");
  assert.equal((await resolved({ bootstrapServer: 'p:1' }, secured)).addressNote, undefined, 'the same address');
  assert.equal((await resolved({ bootstrapServer: 'a:1', profile: 'p' }, secured)).addressNote, undefined, 'named');
  const plain = withConfig('current: p\nprofiles: { p: { bootstrapServer: "p:1" } }');
  assert.equal((await resolved({ bootstrapServer: 'a:1' }, plain)).addressNote, undefined, 'nothing else is in it');
});

test('a variable wins over a profile; kt says so if the command line names the profile', async () => {
  const env = { ...prod, KT_BOOTSTRAP_SERVER: 'e:1' };
  const { addressOrigin, addressNote } = await resolved({ profile: 'prod' }, env);
  assert.equal(addressOrigin, 'KT_BOOTSTRAP_SERVER');
  assert.equal(addressNote, "KT_BOOTSTRAP_SERVER counts before profile 'prod': using e:1, not prod:1");
  const quiet: [Flags, Env][] = [
    [{}, env],
    [{ profile: 'prod' }, { ...env, KT_BOOTSTRAP_SERVER: 'prod:1' }],
    [{ profile: 'prod', bootstrapServer: 'a:1' }, env],
    [{ profile: 'bare' }, env],
  ];
  for (const [flags, variables] of quiet) assert.equal((await resolved(flags, variables)).addressNote, undefined);
});

test('a profile that is gone is refused, named or current', async () => {
  const gone = withConfig('current: old\nprofiles: { new: { bootstrapServer: n:1 } }');
  const { message, hint } = await refusal({}, gone);
  assert.match(message, /^the current profile 'old' is gone \(.*config\.yaml has only new\)$/);
  assert.equal(hint, 'kt profile use new, or give -b host:9092');
  assert.equal((await refusal({}, withConfig('current: old\n'))).hint, 'kt profile add old -b host:9092');
  await refusal({ property: ['client.id=x'] }, gone);
  await refusal({ profile: 'old' }, gone);
  await refusal({}, { ...gone, KT_PROFILE: 'old' });
  assert.equal(await address({ profile: 'new' }, gone), "n:1 (profile 'new')");
  assert.equal(await address({ bootstrapServer: 'a:1' }, gone), 'a:1 (--bootstrap-server)');
});

describe('files that give their bytes once', { skip: process.platform === 'win32' && 'no FIFOs' }, () => {
  function fifo(): string {
    const path = join(folder, randomUUID());
    execFileSync('mkfifo', [path]);
    return path;
  }

  test('one pipe may be several things, as it is read once', async () => {
    const path = fifo();
    const both = ['client.id', 'sasl.password'].map((name) => `${name}=\${file:${path}}`);
    const property = ['security.protocol=SASL_SSL', 'sasl.mechanism=PLAIN', 'sasl.username=u', ...both];
    const secret = randomUUID();
    createWriteStream(path).end(secret);
    const settings = await resolved({ property });
    assert.deepEqual([settings.clientId, userOf(settings).password], [secret, secret]);
  });

  test('whatever names a pipe without a writer, an interruption ends the wait', async () => {
    const path = fifo();
    const tls = 'security.protocol=SSL';
    const byProfile = withConfig(`current: p\nprofiles: { p: { commandConfig: ${path} } }`);
    const config = withConfig('');
    rmSync(join(config.XDG_CONFIG_HOME, 'kt', 'config.yaml'));
    execFileSync('mkfifo', [join(config.XDG_CONFIG_HOME, 'kt', 'config.yaml')]);
    const kinds: [Flags, Env][] = [
      [{ commandConfig: path }, {}],
      [{}, { KT_COMMAND_CONFIG: path }],
      [{}, byProfile],
      [{}, config],
      [{ property: [`client.id=\${file:${path}}`] }, {}],
      [{ property: [tls, `ssl.truststore.location=${path}`] }, {}],
      [{ property: [tls, `ssl.keystore.location=${path}`] }, {}],
      [{ property: [tls, `ssl.certificate.location=${path}`, `ssl.key.location=${path}`] }, {}],
    ];
    for (const [flags, env] of kinds) {
      const controller = new AbortController();
      const resolving = resolveSettings({ property: [], addressMap: [], ...flags }, env, controller.signal);
      const interrupted = new Error('interrupted');
      setTimeout(() => controller.abort(interrupted), 20);
      await assert.rejects(resolving, (error) => error === interrupted, JSON.stringify([flags, env]));
    }
  });

  test('a device without an end is refused, whatever names it', async () => {
    const tls = 'security.protocol=SSL';
    for (const [flags, env] of [
      [{ commandConfig: '/dev/zero' }, {}],
      [{}, withConfig('current: p\nprofiles: { p: { commandConfig: /dev/zero } }')],
      [{ property: [`client.id=\${file:/dev/zero}`] }, {}],
      [{ property: [tls, 'ssl.truststore.location=/dev/zero'] }, {}],
    ] as [Flags, Env][]) {
      assert.match((await refusal(flags, env)).message, /cannot read \/dev\/zero \(it is larger than 16?MiB\)$/);
    }
  });
});
