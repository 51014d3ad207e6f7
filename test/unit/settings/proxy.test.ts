import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import type { ConnectionFlags } from '../../../src/cli/options.ts';
import { checkProxy, redactProxy } from '../../../src/settings/proxy.ts';
import { type ResolvedSettings, resolveSettings } from '../../../src/settings/resolve.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-proxy-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'kt'));

type Env = Readonly<Record<string, string>>;

/** Settings with a profile that has these lines. */
function resolved(flags: Partial<ConnectionFlags>, env: Env = {}, profile = ''): Promise<ResolvedSettings> {
  const text = `current: p\nprofiles:\n  p:\n    bootstrapServer: kafka:9092\n${profile}`;
  writeFileSync(join(folder, 'kt', 'config.yaml'), text, { mode: 0o600 });
  const all = { XDG_CONFIG_HOME: folder, ...env };
  return resolveSettings({ property: [], addressMap: [], ...flags }, all, new AbortController().signal);
}

async function proxyOf(proxy: string, env: Env = {}) {
  return (await resolved({ proxy }, env)).proxy;
}

test('the flag counts before the variable, and the variable before the profile', async () => {
  const profile = '    proxy: socks5://profile\n';
  const variable = { KT_PROXY: 'socks5://variable' };
  const seen = ({ proxy, proxyOrigin }: ResolvedSettings) => [proxy?.host, proxyOrigin];
  assert.deepEqual(seen(await resolved({ proxy: 'socks5://flag' }, variable, profile)), ['flag', '--proxy']);
  assert.deepEqual(seen(await resolved({}, variable, profile)), ['variable', 'KT_PROXY']);
  assert.deepEqual(seen(await resolved({}, { KT_PROXY: '' }, profile)), ['profile', "proxy of profile 'p'"]);
  assert.deepEqual(seen(await resolved({}, { ALL_PROXY: 'socks5://other-programs' })), [undefined, undefined]);
  assert.deepEqual(seen(await resolved({ proxy: 'none' }, variable, profile)), [undefined, undefined]);
});

test('a URL names protocol, user, password, host and port', async () => {
  assert.deepEqual(await proxyOf('socks5://bastion'), { protocol: 'socks5', host: 'bastion', port: 1080 });
  assert.deepEqual(await proxyOf('SOCKS5H://[::1]:9050/'), { protocol: 'socks5', host: '::1', port: 9050 });
  assert.deepEqual(await proxyOf('http://bob@proxy:3128'), { protocol: 'http', host: 'proxy', port: 3128, username: 'bob' });
  const both = { username: 'b:b', password: 'p@ss:/%' };
  assert.deepEqual(await proxyOf('http://b%3Ab:p%40ss:%2F%25@proxy:1'), { protocol: 'http', host: 'proxy', port: 1, ...both });
});

test('user, password, address or all of the URL can come from a variable or a file, whose text is taken as it is', async () => {
  const env = { WHO: 'b%3A', PW: 'p@ss:/%', AT: 'proxy:1', URL: 'socks5://bob:x%40@proxy:1' };
  const parts = await proxyOf(`socks5://\${env:WHO}:\${env:PW}@\${env:AT}`, env);
  assert.deepEqual(parts, { protocol: 'socks5', host: 'proxy', port: 1, username: 'b%3A', password: 'p@ss:/%' });
  const whole = await proxyOf(`\${env:URL}`, env);
  assert.deepEqual(whole, { protocol: 'socks5', host: 'proxy', port: 1, username: 'bob', password: 'x@' });
  writeFileSync(join(folder, 'secret'), 'from:a@file\n');
  const read = await proxyOf(`socks5://bob:\${file:${join(folder, 'secret')}}@proxy`);
  assert.equal(read?.password, 'from:a@file');
});

test('what is no proxy is an error of usage that repeats no password', async () => {
  for (const [proxy, what] of [
    ['hush-hush', /--proxy is not the URL of a proxy/],
    ['bob:hush-hush@proxy:1', /--proxy is not the URL of a proxy/],
    ['socks5://bob:hush-hush@', /--proxy is not the URL of a proxy/],
    ['https://bob:hush-hush@proxy:1', /kt does not speak https:\/\/ to a proxy/],
    ['constructor://bob:hush-hush@proxy:1', /kt does not speak constructor:/],
    ['http://bob:hush-hush@proxy', /'proxy' has no port/],
    ['socks5://bob:hush-hush@proxy:99999', /no valid port/],
    ['socks5://bob:hush-hush%@proxy', /no escape/],
    [`socks5://bob:\${env:NOT_SET}hush-hush@proxy`, /NOT_SET is not set/],
    [`socks5://bob:\${hush-hush}@proxy`, /begins no reference/],
    [`socks5://bob:${'hush-hush'.repeat(30)}@proxy`, /more than 255 bytes/],
    ['env', /neither ALL_PROXY nor all_proxy is set/],
  ] as const) {
    await assert.rejects(proxyOf(proxy), (error: KtError) => {
      assert.ok(error instanceof KtError);
      assert.equal(error.kind, 'usage');
      assert.match(error.message, what);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /hush-hush/);
      return true;
    });
  }
});

test('env stands for ALL_PROXY, and leaves out what NO_PROXY names', async () => {
  const all = { ALL_PROXY: 'socks5h://bob:p%40@bastion:1080', all_proxy: 'http://lower:1' };
  const none = 'localhost, .corp.test,10.0.0.0/8 db:9093,[::1],*.star.test';
  const { leavesOut, ...proxy } = (await proxyOf('env', { ...all, NO_PROXY: none }))!;
  assert.deepEqual(proxy, { protocol: 'socks5', host: 'bastion', port: 1080, username: 'bob', password: 'p@' });
  const direct = (host: string, port = 9092) => leavesOut!({ host, port });
  for (const host of ['localhost', 'LOCALHOST', 'a.corp.test', 'corp.test', '10.1.2.3', '::1', 'b.star.test']) {
    assert.ok(direct(host), `${host} is reached without the proxy`);
  }
  for (const host of ['kafka', 'xcorp.test', '11.1.2.3', 'notlocalhost', '::2']) assert.ok(!direct(host), `${host} is not`);
  assert.deepEqual([direct('db', 9093), direct('db', 9092)], [true, false]);
  assert.ok((await proxyOf('env', { ...all, no_proxy: '*' }))!.leavesOut!({ host: 'any', port: 1 }));
  assert.equal((await proxyOf('env', { all_proxy: 'http://lower:1' }))?.host, 'lower');
});

test('a password is hidden where a profile is shown, and a reference to one is not', () => {
  for (const shown of ['none', 'env', 'socks5://h:1', 'http://bob@h:1', `socks5://b:\${env:PW}@h`, `\${env:URL}`]) {
    assert.equal(redactProxy(shown), shown);
  }
  assert.equal(redactProxy('socks5://bob:hush@h:1'), 'socks5://bob:********@h:1');
  assert.equal(redactProxy('http://bob:hu@sh:x@h:1'), 'http://bob:********@h:1');
  assert.equal(redactProxy(`http://bob:\${env:A}hush@h:1`), 'http://bob:********@h:1');
  assert.equal(redactProxy('hush'), '********');
});

test('a profile is checked before it is saved, without needing its secrets', () => {
  for (const good of ['none', 'env', `\${env:URL}`, `socks5://b:\${env:PW}@h`, `http://\${env:AT}`])
    checkProxy(good, '--proxy');
  for (const bad of ['h:1', 'ftp://h:1', 'http://h', `socks5://\${oops}@h`]) {
    assert.throws(() => checkProxy(bad, '--proxy'), KtError, bad);
  }
});

test('a profile whose proxy has a password in the clear must be readable by its owner only', async () => {
  await resolved({});
  const path = join(folder, 'kt', 'config.yaml');
  for (const [proxy, allowed] of [
    ['socks5://bob:hush-hush@h', false],
    [`socks5://bob:\${env:PW}@h`, true],
  ] as const) {
    rmSync(path);
    writeFileSync(path, `profiles:\n  p:\n    bootstrapServer: k:1\n    proxy: ${proxy}\n`, { mode: 0o644 });
    const env = { XDG_CONFIG_HOME: folder, KT_PROFILE: 'p', PW: 'x' };
    const resolving = resolveSettings({ property: [], addressMap: [] }, env, new AbortController().signal);
    if (allowed) await resolving;
    else await assert.rejects(resolving, { message: /holds a secret \(proxy of profile 'p'\)$/, hint: /^chmod 600/ });
  }
});
