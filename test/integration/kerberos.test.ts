/** GSSAPI: the binary with the system's Kerberos library, a real KDC, and real brokers that know each other's users from tickets only. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import type { Finding } from '../../src/core/doctor/finding.ts';
import { ownCluster } from '../support/clusters.ts';
import { kerberosUnavailable } from '../support/foreign-clients.ts';
import { quickJava } from '../support/java.ts';
import { kerberosRealm } from '../support/kerberos.ts';
import { type KtResult, kt, type Program, startKt } from '../support/kt.ts';
import { mute } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { wayIn } from '../support/ways-in.ts';

const skip = kerberosUnavailable();
const folder = mkdtempSync(join(tmpdir(), 'kt-kerberos-'));
after(() => rmSync(folder, { recursive: true }));
const ready = skip === undefined ? await prepared() : undefined;

async function prepared() {
  const realm = await kerberosRealm({ after }, folder);
  const brokerKeys = realm.keytab('kafka/localhost');
  const aliceKeys = realm.keytab('alice');
  const login = 'com.sun.security.auth.module.Krb5LoginModule required';
  const conf = `-Djava.security.krb5.conf=${realm.env['KRB5_CONFIG']}`;
  const clusters = await Promise.all(
    ['3.7.0', '4.3.1'].map(async (kafkaVersion) => {
      const { listeners, classpath } = await ownCluster(
        { after },
        {
          kafkaVersion,
          listeners: ['SASL_PLAINTEXT', 'PLAINTEXT'],
          javaFlags: ['-XX:TieredStopAtLevel=1', conf],
          serverConfig: {
            'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'GSSAPI',
            'listener.name.sasl_plaintext.gssapi.sasl.jaas.config': `${login} useKeyTab=true storeKey=true keyTab="${brokerKeys}" principal="kafka/localhost@KT.TEST";`,
            'sasl.kerberos.service.name': 'kafka',
            'connections.max.reauth.ms': '2000',
          },
        },
      );
      const topic = `tickets-${randomUUID()}`;
      assert.equal((await kt(['topics', 'create', topic, '-b', listeners.PLAINTEXT!])).code, 0);
      return { kafkaVersion, address: listeners.SASL_PLAINTEXT!, plain: listeners.PLAINTEXT!, classpath: classpath!, topic };
    }),
  );
  return { realm, aliceKeys, ticket: realm.ticket(aliceKeys, 'alice'), conf, clusters };
}

type Properties = Readonly<Record<string, string>>;
const base = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'GSSAPI' };

function flags(address: string, properties: Properties = {}): string[] {
  return ['-b', address, ...Object.entries({ ...base, ...properties }).flatMap(([name, value]) => ['-X', `${name}=${value}`])];
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const list = ['topics', 'list', '-o', 'name'];

test("kinit's ticket and a keytab let kt in, as they do Kafka's own tool with the same file", { skip }, async () => {
  const { realm, aliceKeys, ticket, conf, clusters } = ready!;
  for (const { kafkaVersion, address, topic, classpath } of clusters) {
    const env = { ...realm.env, KRB5CCNAME: ticket };
    const reached = ({ code, stdout, stderr }: KtResult) => {
      assert.deepEqual([code, stderr], [0, '']);
      assert.ok(stdout.split('\n').includes(topic), stdout);
    };
    reached(await kt([...list, ...flags(address)], { env }));
    reached(await kt([...list, ...flags(address, { 'sasl.kerberos.ticket.cache': ticket })], { env: realm.env }));
    const keys = { 'sasl.kerberos.keytab': aliceKeys, 'sasl.kerberos.principal': 'alice@KT.TEST' };
    reached(await kt([...list, ...flags(address, keys)], { env: realm.env }));
    reached(await kt([...list, ...flags(address, { 'sasl.kerberos.keytab': aliceKeys })], { env: realm.env }));

    const here = {
      'kafka.example.com:9094': address,
      SASL_SSL: 'SASL_PLAINTEXT',
      'ssl.truststore.type=PEM\nssl.truststore.location=/etc/kafka/ca.pem\n': '',
    };
    const mine = { '/etc/kafka/me.keytab': aliceKeys, 'me@EXAMPLE.COM': 'alice@KT.TEST' };
    for (const [index, text] of [wayIn('GSSAPI', 0, here), wayIn('GSSAPI', 1, { ...here, ...mine })].entries()) {
      const config = file(`${kafkaVersion}-${index}.properties`, text);
      const its = { ...realm.env, ...(index === 0 && { KRB5CCNAME: ticket }) };
      reached(await kt([...list, '--command-config', config], { env: its }));
      // As in Java, the mechanism may be left out.
      const short = file(`${kafkaVersion}-${index}-short.properties`, text.replace('sasl.mechanism=GSSAPI\n', ''));
      reached(await kt([...list, '--command-config', short], { env: its }));
      const words = [
        'org.apache.kafka.tools.TopicCommand',
        '--list',
        '--bootstrap-server',
        address,
        '--command-config',
        config,
      ];
      const { stdout } = await promisify(execFile)('java', [conf, ...quickJava(classpath), ...words], {
        env: { ...process.env, ...its },
      });
      assert.ok(stdout.split('\n').includes(topic), stdout);
    }
  }
});

test('records go in and out, and a tail outlives its sessions (KIP-368)', { skip }, async (t) => {
  const { realm, ticket, clusters } = ready!;
  const env = { ...realm.env, KRB5CCNAME: ticket };
  await Promise.all(
    clusters.map(async ({ address, topic }) => {
      const tail = startKt(['tail', topic, '-v', '--from-beginning', '-n', '3', ...flags(address)], { env });
      t.after(() => tail.kill('SIGKILL'));
      const seen = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        tail[name].on('data', (chunk) => {
          seen[name] += chunk;
        });
      }
      const ended = new Promise((resolve) => tail.on('close', resolve));
      // An exchange of GSSAPI takes three.
      const sessions = () => seen.stderr.split('\n').filter((line) => line.startsWith('SaslHandshake')).length;
      for (const record of ['one', 'two', 'three']) {
        const before = sessions();
        assert.equal((await kt(['produce', topic, '-q', '-m', record, ...flags(address)], { env })).code, 0);
        if (record !== 'three') await until(() => sessions() > before, 'another session');
      }
      assert.equal(await ended, 0, seen.stderr);
      assert.equal(seen.stdout, 'one\ntwo\nthree\n');
    }),
  );
});

test('what the library is pointed to outlives the collection of garbage', { skip }, async () => {
  const bun = join(import.meta.dirname, '../../node_modules/bun/bin/bun.exe');
  const script = join(import.meta.dirname, '../support/many-contexts.ts');
  const env = { ...process.env, ...ready!.realm.env };
  const { stdout } = await promisify(execFile)(bun, [script, ready!.aliceKeys], { env });
  assert.equal(stdout, '300\n');
});

test('what gives no ticket is exit 4 with its cause, in time', { skip }, async () => {
  const { realm, aliceKeys, ticket, clusters } = ready!;
  const { address } = clusters[1]!;
  const silent = await mute();
  after(() => silent.close());
  const oldKeys = realm.keytab('bob');
  realm.renewKey('bob');
  const shortCache = realm.ticket(aliceKeys, 'alice', '1s');
  const short = { env: { ...realm.env, KRB5CCNAME: shortCache } };
  await until(async () => (await kt([...list, ...flags(address)], short)).code !== 0, 'the ticket has expired');
  const withTicket = { ...realm.env, KRB5CCNAME: ticket };
  const missing = join(folder, 'missing.keytab');
  const of = (keytab: string, principal: string) => ({
    'sasl.kerberos.keytab': keytab,
    'sasl.kerberos.principal': principal,
  });
  const cases: readonly {
    readonly given?: Properties;
    readonly env: Properties;
    readonly program?: Program;
    readonly timeout?: string;
    readonly code?: number;
    readonly what: RegExp;
    readonly hint: RegExp;
  }[] = [
    {
      env: realm.env,
      what: /\(no ticket: No Kerberos credentials available \(default cache: FILE:\S+no-cache\)\)/,
      hint: /kinit gets one; or -X sasl\.kerberos\.keytab/,
    },
    { ...short, what: /no ticket: .*expired/i, hint: /^hint: kinit gets one/ },
    {
      given: { 'sasl.kerberos.service.name': 'kafak' },
      env: withTicket,
      what: /does not know this broker: Server kafak\/localhost@KT\.TEST not found in Kerberos database\)/,
      hint: /is kafak\/localhost right\? check sasl\.kerberos\.service\.name/,
    },
    { given: of(oldKeys, 'bob'), env: realm.env, what: /no ticket: Decrypt integrity check failed/, hint: /not the newest/ },
    {
      given: of(aliceKeys, 'carol'),
      env: realm.env,
      what: /no ticket: \S+ has no key of carol\)$/,
      hint: /klist -k \S+ shows/,
    },
    { given: of(missing, 'alice'), env: realm.env, code: 2, what: /^kt: -X sasl\.kerberos\.keytab: cannot read/, hint: /path/ },
    {
      given: of(aliceKeys, 'alice'),
      env: realm.withKdc(`127.0.0.1:${silent.port}`),
      timeout: '3s',
      what: /no ticket: Kerberos did not answer within 2\.\ds/,
      hint: /krb5\.conf/,
    },
    {
      given: of(aliceKeys, 'alice@OTHER.TEST'),
      env: realm.env,
      what: /no key of alice@OTHER\.TEST/,
      hint: /sasl\.kerberos\.principal/,
    },
    { env: withTicket, program: 'node', what: /which Node cannot call/, hint: /use the binary/ },
  ];
  const outcomes = await Promise.all(
    cases.map(async ({ given, env, program, timeout = '20s', code = 4, what, hint }) => {
      const startedAt = performance.now();
      const done = await kt([...list, '--timeout', timeout, ...flags(address, given)], { env, ...(program && { program }) });
      return { ...done, expected: code, what, hint, ms: performance.now() - startedAt };
    }),
  );
  for (const { code, stdout, stderr, expected, what, hint, ms } of outcomes) {
    const [first = '', second = ''] = stderr.split('\n');
    assert.match(first, what);
    assert.match(second, hint);
    assert.deepEqual([code, stdout], [expected, '']);
    assert.ok(ms < 18_000, `it took ${ms} ms`);
  }
});

test('the doctor says whether the broker takes the ticket, and a broker with an old key refuses it', { skip }, async () => {
  const { realm, ticket, clusters } = ready!;
  const { address } = clusters[1]!;
  const examined = async (KRB5CCNAME: string) => {
    const env = { ...realm.env, KRB5CCNAME };
    const { code, stdout, stderr } = await kt(['doctor', '-v', '-o', 'json', ...flags(address)], { env });
    const finding = (JSON.parse(stdout) as Finding[]).find(({ step }) => step === 'sasl')!;
    return { code, finding, stderr };
  };
  const well = await examined(ticket);
  assert.deepEqual([well.finding.verdict, well.finding.found], ['ok', 'GSSAPI takes the Kerberos ticket']);
  assert.match(well.stderr, /^SaslAuthenticate v\d → localhost:/m);
  const without = await examined(realm.env['KRB5CCNAME']!);
  assert.deepEqual([without.code, without.finding.verdict], [4, 'fail']);
  assert.match(without.finding.cure!, /kinit gets one/);
  realm.renewKey('kafka/localhost');
  // The ticket for the broker's old key is in the cache; another one is for the new key.
  const fresh = realm.ticket(realm.keytab('dora'), 'dora');
  const { code, finding } = await examined(fresh);
  assert.equal(code, 4);
  assert.match(finding.why!, /SASL GSSAPI refused the Kerberos ticket: /);
  assert.match(finding.cure!, /that the broker's keytab has its newest key/);
});
