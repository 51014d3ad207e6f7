/** The way to a bootstrap server, broken in one place at a time: the step says so, with cause and cure, and those behind it are skipped. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Finding } from '../../../../src/core/doctor/finding.ts';
import { examineWaysIn } from '../../../../src/core/doctor/way-in.ts';
import type { ClusterSettings, TlsSettings } from '../../../../src/kafka/connection/settings.ts';
import { greetingBroker, secureBroker } from '../../../support/greeting-broker.ts';
import { httpProxy } from '../../../support/proxies.ts';
import { answering, closedPort, mute } from '../../../support/servers.ts';
import { selfSigned } from '../../settings/self-signed.ts';

const { signal } = new AbortController();
const host = '127.0.0.1';

async function examined(settings: Partial<ClusterSettings> & Pick<ClusterSettings, 'bootstrapServers'>) {
  const examination = examineWaysIn({ clientId: 'kt', timeoutMs: 9_000, addressMap: new Map(), ...settings }, signal);
  const findings: Finding[] = [];
  for (;;) {
    const { value, done } = await examination.next();
    if (done) return { findings, open: value.map(({ port }) => port) };
    findings.push(value);
  }
}

/** `dns ok, tcp fail`. */
function course(findings: readonly Finding[]): string {
  return findings.map(({ step, verdict }) => `${step} ${verdict}`).join(', ');
}

function failed(findings: readonly Finding[]): Finding {
  return findings.find(({ verdict }) => verdict === 'fail')!;
}

function closing<S extends { close(): Promise<void> }>(during: TestContext, server: S): S {
  during.after(() => server.close());
  return server;
}

test('a broker that lets everybody in', async (t) => {
  const { port } = closing(t, await greetingBroker());
  const { findings, open } = await examined({ bootstrapServers: [{ host: 'localhost', port }] });
  assert.equal(course(findings), 'dns ok, tcp ok, api-versions ok');
  assert.match(findings[0]!.found, /^it stands for (127\.0\.0\.1|::1)/);
  assert.match(findings[1]!.found, /^connected to 127\.0\.0\.1 \(\d+\.\d ms\)/);
  assert.match(findings[2]!.found, /^a Kafka broker, release 2\.1 or newer, with 3 APIs$/);
  assert.deepEqual(open, [port]);
  assert.ok(findings.every(({ ms }) => ms >= 0));
});

test('a port where nobody listens, and a name that nobody has', async () => {
  const port = await closedPort();
  const servers = [
    { host, port },
    { host: 'nobody.invalid', port: 9092 },
  ];
  const { findings, open } = await examined({ bootstrapServers: servers });
  assert.equal(course(findings), 'dns ok, tcp fail, api-versions skipped, dns fail, tcp skipped, api-versions skipped');
  assert.deepEqual(findings[1], {
    step: 'tcp',
    target: `${host}:${port}`,
    verdict: 'fail',
    found: 'it takes no connection',
    why: 'connection refused',
    cure: 'is a broker listening there? give another address with -b host:port, or start a cluster here with kt local up',
    ms: findings[1]!.ms,
  });
  assert.equal(findings[2]!.found, 'needs tcp');
  assert.equal(findings[3]!.why, 'host name nobody.invalid not found');
  assert.deepEqual(open, []);
});

test('a port that takes connections and never answers, and one where a web server listens', async (t) => {
  const [silent, web] = [closing(t, await mute()), closing(t, await answering('HTTP/1.1 400 Bad Request\r\n\r\n'))];
  const unanswered = await examined({ bootstrapServers: [{ host, port: silent.port }], timeoutMs: 300 });
  assert.equal(course(unanswered.findings), 'dns ok, tcp ok, api-versions fail');
  assert.equal(failed(unanswered.findings).why, 'it accepted the connection, then said nothing for 0.3s');
  const other = await examined({ bootstrapServers: [{ host, port: web.port }] });
  assert.equal(failed(other.findings).why, 'an HTTP server answered, not Kafka');
});

const names = { verifyHostname: true };
const [trusted, other, expired, ending] = [
  selfSigned('localhost'),
  selfSigned('kafka.internal', 90 * 86_400_000),
  selfSigned('localhost', -3_600_000),
  selfSigned('localhost', 3 * 86_400_000 + 3_600_000),
];

test('TLS: each fault of a certificate is told, with what the certificate is', async (t) => {
  const look = async (identity: typeof trusted, security: TlsSettings) => {
    const { port } = closing(t, await secureBroker({ cert: identity.cert, key: identity.pem }));
    return (await examined({ bootstrapServers: [{ host: 'localhost', port }], tls: security })).findings;
  };
  const well = await look(ending, { ...names, ca: ending.cert });
  assert.equal(course(well), 'dns ok, tcp ok, tls warn, api-versions ok');
  assert.match(
    well[2]!.found,
    /^TLSv1\.3 with TLS_AES_\w+; the certificate is for localhost \(CN=localhost\), signed by itself,/,
  );
  assert.deepEqual([well[2]!.why, well[2]!.cure], ["the broker's certificate ends in 3 days", 'renew it']);
  const cases: readonly (readonly [Promise<readonly Finding[]>, found: RegExp, why: RegExp])[] = [
    [look(trusted, names), /for localhost/, /is not trusted/],
    [look(other, { ...names, ca: other.cert }), /for kafka\.internal \(CN=/, /Host: localhost\. is not in the cert's altnames/],
    [look(expired, { ...names, ca: expired.cert }), /valid until \d{4}-\d\d-\d\d$/, /certificate has expired/],
  ];
  for (const [looking, found, why] of cases) {
    const findings = await looking;
    assert.equal(course(findings), 'dns ok, tcp ok, tls fail, api-versions skipped');
    assert.match(failed(findings).found, found);
    assert.match(failed(findings).why!, why);
    assert.ok(failed(findings).cure);
  }
  const unchecked = await look(other, { verifyHostname: false, ca: other.cert });
  assert.match(unchecked[2]!.why!, /name in the certificate is not checked/);
  assert.equal(unchecked[2]!.verdict, 'warn');
});

test('TLS: a broker that wants a client certificate says so only after the handshake', async (t) => {
  const { cert, pem: key } = trusted;
  const { port } = closing(t, await secureBroker({ cert, key, requestCert: true, rejectUnauthorized: true, ca: other.cert }));
  const { findings } = await examined({ bootstrapServers: [{ host: 'localhost', port }], tls: { ...names, ca: cert } });
  assert.equal(course(findings), 'dns ok, tcp ok, tls fail, api-versions skipped');
  assert.equal(failed(findings).why, 'the broker wants a client certificate, and none was given');
});

test('TLS where the listener has none, and none where it has', async (t) => {
  const open = closing(t, await greetingBroker());
  const secure = closing(t, await secureBroker({ cert: trusted.cert, key: trusted.pem }));
  const without = await examined({ bootstrapServers: [{ host, port: open.port }], tls: names });
  assert.equal(course(without.findings), 'dns ok, tcp ok, tls fail, api-versions skipped');
  assert.match(`${failed(without.findings).why} ${failed(without.findings).cure}`, /TLS.+security\.protocol=PLAINTEXT/);
  const sasl = { mechanism: 'PLAIN', username: 'alice', password: 'secret' } as const;
  const plain = await examined({ bootstrapServers: [{ host, port: secure.port }], sasl });
  assert.equal(course(plain.findings), 'dns ok, tcp ok, api-versions fail, sasl skipped');
  assert.equal(failed(plain.findings).why, 'the listener speaks TLS');
  assert.match(failed(plain.findings).cure!, /SASL_SSL$/);
});

test('a user is tried at one server after the other, until one refuses it', async (t) => {
  const [first, second] = [closing(t, await greetingBroker('right')), closing(t, await greetingBroker('right'))];
  const bootstrapServers = [first, second].map(({ port }) => ({ host, port }));
  const sasl = { mechanism: 'PLAIN', username: 'alice', password: 'right' } as const;
  const well = await examined({ bootstrapServers, sasl });
  assert.deepEqual(well.open, [first.port, second.port]);
  assert.equal(well.findings.find(({ step }) => step === 'sasl')!.found, 'PLAIN takes user alice');
  const wrong = await examined({ bootstrapServers, sasl: { ...sasl, password: 'S3cret' } });
  assert.equal(course(wrong.findings), 'dns ok, tcp ok, api-versions ok, sasl fail, tcp ok, api-versions ok, sasl skipped');
  assert.match(failed(wrong.findings).why!, /^SASL PLAIN refused user alice: Invalid username or password$/);
  assert.doesNotMatch(JSON.stringify(wrong.findings), /S3cret/);
});

test('a proxy that leads there, one that does not get through, and one that is not there', async (t) => {
  const broker = closing(t, await greetingBroker());
  const proxy = closing(t, await httpProxy({ hosts: { 'kafka:9092': `${host}:${broker.port}` } }));
  const through = (port: number, at: string) =>
    examined({
      bootstrapServers: [{ host: at, port: 9092 }],
      proxy: { protocol: 'http', host: 'localhost', port, leavesOut: () => false },
    });
  const well = await through(proxy.port, 'kafka');
  assert.equal(course(well.findings), 'dns ok, tcp ok, proxy ok, api-versions ok');
  assert.equal(well.findings[2]!.found, 'it connects to kafka:9092');
  const unknown = await through(proxy.port, 'nobody.invalid');
  assert.equal(course(unknown.findings), 'dns ok, tcp ok, proxy fail, api-versions skipped');
  assert.match(failed(unknown.findings).why!, /^the proxy did not get a connection to nobody\.invalid:9092/);
  const gone = await through(await closedPort(), 'kafka');
  assert.equal(course(gone.findings), 'dns ok, tcp fail, proxy skipped, api-versions skipped');
  assert.equal(failed(gone.findings).why, 'the proxy itself refused the connection');
});
