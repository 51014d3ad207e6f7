/** A cluster that only a proxy reaches: every way in works through it, and each way in which it fails is told apart. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { secureCluster } from '../support/clusters.ts';
import { kt, programs, startKt } from '../support/kt.ts';
import { httpProxy, type ProxyOptions, socksProxy } from '../support/proxies.ts';
import { answering, closedPort, listen, mute } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { listeners, credentials, certificates } = await secureCluster();

const folder = mkdtempSync(join(tmpdir(), 'kt-proxies-'));
after(() => rmSync(folder, { recursive: true }));

const proxies = { socks5: socksProxy, http: httpProxy };
const ssl = ['-X', `ssl.ca.location=${certificates!.ca}`];
const admin = [
  '-X',
  'sasl.mechanism=SCRAM-SHA-512',
  '-X',
  'sasl.username=admin',
  '-X',
  `sasl.password=${credentials['admin']}`,
];
type Protocol = keyof typeof listeners;
const ways: Readonly<Record<Protocol, readonly string[]>> = {
  PLAINTEXT: [],
  SSL: ['-X', 'security.protocol=SSL', ...ssl],
  SASL_PLAINTEXT: ['-X', 'security.protocol=SASL_PLAINTEXT', ...admin],
  SASL_SSL: ['-X', 'security.protocol=SASL_SSL', ...ssl, ...admin],
};
/** A broker's name that only the proxy knows. */
const inside = 'kafka.inside:9092';

/** Options with which every connection, whatever the cluster advertises, leads to a name that only the proxy knows. */
function onlyThrough(url: string, protocol: Protocol): string[] {
  const address = listeners[protocol]!;
  return ['-b', address, '--address-map', `${address}=${inside}`, '--proxy', url, ...ways[protocol]];
}

/** Closes a server with its test: one that stayed open would keep this file from ending. */
function closing<S extends { close(): Promise<void> }>(during: TestContext, server: S): S {
  during.after(() => server.close());
  return server;
}

function knowing(protocol: Protocol): ProxyOptions {
  return { hosts: { [inside]: listeners[protocol]! } };
}

for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
  const done = async (args: readonly string[], stdin = '', env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const { code, stdout, stderr } = await kt(args, { program, stdin, env });
    assert.equal(code, 0, `kt ${args.join(' ')}\n${stderr}`);
    return stdout;
  };

  for (const [kind, start] of Object.entries(proxies)) {
    for (const protocol of Object.keys(ways) as Protocol[]) {
      test(`${program}: records go out and come back through ${kind} to a ${protocol} listener, on every connection`, async (t) => {
        const proxy = closing(t, await start(knowing(protocol)));
        const topic = `proxied-${randomUUID()}`;
        const way = onlyThrough(proxy.url, protocol);
        await done(['topics', 'create', topic, '-p', '3', ...way]);
        const lines = Array.from({ length: 3_000 }, (_, at) => `${at} ${'x'.repeat(100)}\n`);
        await done(['produce', topic, ...way], lines.join(''));
        const read = await done(['tail', topic, '--from-beginning', '-e', '-o', 'value', ...way]);
        const numbered = (text: string) => Number(text.split(' ')[0]);
        const sorted = read
          .trimEnd()
          .split('\n')
          .sort((a, b) => numbered(a) - numbered(b));
        assert.equal(`${sorted.join('\n')}\n`, lines.join(''));
        assert.deepEqual(new Set(proxy.targets), new Set([inside]), 'the proxy looked the name up, each time');
      });
    }

    test(`${program}: ${kind} with a user name and a password, from a variable, and from a profile that hides it`, async (t) => {
      const password = `p@ss:/%-${randomUUID()}`;
      const proxy = closing(t, await start({ ...knowing('SSL'), user: { name: 'bob', password } }));
      const url = (secret: string) => proxy.url.replace('://', `://bob:${secret}@`);
      const way = (proxied: string) => ['topics', 'list', ...onlyThrough(proxied, 'SSL')];
      await done(way(url(encodeURIComponent(password))));
      await done(way(url(`\${env:PROXY_PASSWORD}`)), '', { PROXY_PASSWORD: password });

      const env = { XDG_CONFIG_HOME: join(folder, `${program}-${kind}`) };
      await done(['profile', 'add', 'far', '--use', ...onlyThrough(url(encodeURIComponent(password)), 'SSL')], '', env);
      await done(['topics', 'list'], '', env);
      const shown = await kt(['profile', 'show', '-o', 'json'], { program, env });
      const listed = await kt(['profile', 'list', '-o', 'wide'], { program, env });
      assert.equal(JSON.parse(shown.stdout).proxy, url('********'));
      assert.match(listed.stdout, /bob:\*{8}@/);
      const verbose = await kt(['-v', 'topics', 'list'], { program, env });
      assert.match(verbose.stderr, new RegExp(`^connecting to .+ through ${proxy.url} \\(proxy of profile 'far'\\)$`, 'm'));
      for (const text of [shown.stdout, listed.stdout, verbose.stderr]) {
        assert.ok(!text.includes(password) && !text.includes(encodeURIComponent(password)), text);
      }
    });

    test(`${program}: who follows a topic through ${kind} goes on after the proxy dropped all connections`, async (t) => {
      const proxy = closing(t, await start(knowing('SASL_SSL')));
      const topic = `proxied-${randomUUID()}`;
      const way = onlyThrough(proxy.url, 'SASL_SSL');
      await done(['topics', 'create', topic, ...way]);
      const tail = startKt(['tail', topic, '--from-beginning', '-o', 'value', ...way], { program });
      t.after(() => tail.kill('SIGKILL'));
      let seen = '';
      tail.stdout.on('data', (chunk) => {
        seen += chunk;
      });
      await done(['produce', topic, '-m', 'before', ...way]);
      await until(() => seen === 'before\n', 'the record before');
      proxy.cut();
      await done(['produce', topic, '-m', 'after', ...way]);
      await until(() => seen === 'before\nafter\n', 'the record after');
    });

    test(`${program}: each way in which a connection through ${kind} fails is told apart, and no password is in it`, async (t) => {
      const secret = `wrong-${randomUUID()}`;
      const [open, guarded, silent, hangingUp, shell, web] = await Promise.all([
        start(),
        start({ user: { name: 'bob', password: 'right' } }),
        mute(),
        listen((socket) => void socket.end()),
        answering('SSH-2.0-OpenSSH_9.9\r\n'),
        answering('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n'),
      ]);
      for (const server of [open, guarded, silent, hangingUp, shell, web]) closing(t, server);
      const closed = await closedPort();
      const target = listeners.PLAINTEXT!;
      const at = (address: string) => `${kind}://${address}`;
      const called = kind === 'http' ? 'an HTTP proxy' : 'a SOCKS5 proxy';
      const silence = ['--timeout', '2s'];
      const fails = async (
        url: string,
        why: RegExp,
        hint: RegExp,
        to: readonly string[] = ['-b', target],
        timeout = ['--timeout', '1m'],
      ) => {
        const startedAt = performance.now();
        const { code, stdout, stderr } = await kt(['topics', 'list', ...timeout, '--proxy', url, ...to], { program });
        assert.ok(performance.now() - startedAt < 55_000, 'in time');
        const [what, advice, ...more] = stderr.trimEnd().split('\n');
        const shown = url.replace(/\/\/.*@/, '//');
        const [, words = ''] =
          new RegExp(`^kt: no connection to (?:${to[1]}.*) through ${shown} \\((.*)\\)$`).exec(what!) ?? [];
        assert.match(words, why, stderr);
        assert.match(advice!, hint);
        assert.deepEqual([code, stdout, more], [4, '', []]);
        assert.ok(!stderr.includes(secret), stderr);
      };
      await fails(at(`localhost:${closed}`), /^the proxy itself refused the connection$/, /--proxy, KT_PROXY or the profile/);
      await fails(at('no-such-host.invalid:1'), /^host name no-such-host\.invalid of the proxy not found$/, /--proxy none/);
      await fails(
        at(silent.address),
        /^the proxy accepted the connection, then said nothing for 2s$/,
        new RegExp(called),
        undefined,
        silence,
      );
      await fails(at(hangingUp.address), /^the proxy closed the connection$/, new RegExp(called));
      for (const { address } of [shell, web]) {
        await fails(at(address), new RegExp(`^what listens there is not ${called}`), /is the other one$/);
      }
      await fails(guarded.url, /^the proxy asks for a user name and password$/, /^hint: --proxy '\w+:\/\/USER:\$\{env:/);
      await fails(guarded.url.replace('//', `//bob:${secret}@`), /^the proxy refused user bob$/, /check the user name/);
      const dead = ['-b', `localhost:${closed}`];
      await fails(
        open.url,
        /^the proxy did not get a connection to localhost:\d+: (connection refused|HTTP 502)/,
        /reach it\?/,
        dead,
      );
      const mapped = ['-b', 'advertised:1', '--address-map', `advertised:1=no-such-host.invalid:2`];
      await fails(open.url, /^the proxy did not get a connection to no-such-host\.invalid:2: /, /looks the name up/, mapped);
      await fails(
        open.url,
        /^it accepted the connection, then said nothing for 2s$/,
        /Kafka listener/,
        ['-b', silent.address],
        silence,
      );
      const refused = `localhost:${closed},${target}`;
      assert.match(await done(['topics', 'list', '-b', refused, '--proxy', open.url]), /^TOPIC/);
    });
  }

  test(`${program}: a proxy that refuses the user is asked once, however many bootstrap servers there are`, async (t) => {
    const guarded = closing(t, await socksProxy({ user: { name: 'bob', password: 'right' } }));
    const url = guarded.url.replace('//', '//bob:wrong@');
    // Servers that are silent for 300 ms no longer hold the next one up: on a busy machine that can be a server whose refusal is on its way.
    await until(async () => {
      const before = guarded.connections();
      const { code, stderr } = await kt(['topics', 'list', '-b', 'a:1,b:1,c:1', '--proxy', url, '-o', 'json'], { program });
      assert.deepEqual([code, JSON.parse(stderr).error.code], [4, 'PROXY_AUTHENTICATION_FAILED']);
      return guarded.connections() - before === 1;
    }, 'a run that asks once');
  });
}
