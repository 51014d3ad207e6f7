import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { connectionError, noAnswer, notKafka, unanswered } from '../../../../src/kafka/connection/errors.ts';
import { NotOffered } from '../../../../src/kafka/connection/not-offered.ts';
import type { ClusterSettings } from '../../../../src/kafka/connection/settings.ts';

const at = { host: 'broker', port: 9092 };
const plain: ClusterSettings = { bootstrapServers: [at], clientId: 'kt', timeoutMs: 2_500, addressMap: new Map() };
const tls: ClusterSettings = { ...plain, tls: { verifyHostname: true } };
const withCert: ClusterSettings = { ...plain, tls: { cert: 'c', key: 'k', verifyHostname: true } };
const sasl: ClusterSettings = { ...plain, sasl: { mechanism: 'SCRAM-SHA-256', username: 'ada', password: 'hush-hush' } };

/** As Node and kafkajs throw it. */
function thrown(message: string, facts: object = {}): Error {
  return Object.assign(new Error(message), facts);
}

test('causes are explained in words, each with what to do next', () => {
  for (const [error, settings, why, hint] of [
    [thrown('', { code: 'ECONNREFUSED' }), plain, 'connection refused', /kt local up/],
    [thrown('getaddrinfo', { code: 'EAI_AGAIN' }), plain, 'host name broker not found', /check the name/],
    [thrown('', { code: 'EHOSTUNREACH' }), plain, 'host unreachable', /VPN/],
    [thrown('read', { code: 'ECONNRESET' }), plain, 'the server closed the connection', /want TLS or a user/],
    [thrown('Closed connection'), tls, 'the server closed the connection', /want a user/],
    [thrown('Closed connection'), sasl, 'the server closed the connection', /wrong port/],
    [thrown('x', { code: 'CERT_HAS_EXPIRED' }), tls, "the broker's certificate: x", /clock/],
    [thrown('self signed', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), tls, /not trusted: self signed$/, /ssl\.ca\.location/],
    [thrown('not in altnames', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), tls, 'not in altnames', /algorithm=none/],
    [thrown('SSL routines:wrong version number', { code: 'EPROTO' }), tls, 'the listener does not speak TLS', /PLAINTEXT/],
    [thrown('E:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER'), tls, 'the listener does not speak TLS', /PLAINTEXT/],
    [
      thrown('alert certificate required', { code: 'ERR_SSL_X' }),
      withCert,
      'the broker refused the client certificate',
      /ssl\.key/,
    ],
    [
      thrown('TLSV1_ALERT_UNKNOWN_CA', { code: 'ERR_SSL_X' }),
      withCert,
      'the broker refused the client certificate',
      /ssl\.key/,
    ],
    [
      thrown('TLSV1_ALERT_CERTIFICATE_REQUIRED', { code: 'ERR_SSL_X' }),
      tls,
      /client certificate, and none was given$/,
      /ssl\.key/,
    ],
    [thrown('sslv3 alert handshake failure', { code: 'ERR_SSL_X' }), tls, /it may want a client certificate/, /ssl\.key/],
    [thrown('SSLV3_ALERT_HANDSHAKE_FAILURE', { code: 'EPROTO' }), withCert, /refused the TLS handshake$/, /ssl\.cipher/],
    [thrown('TLSV1_ALERT_PROTOCOL_VERSION', { code: 'EPROTO' }), tls, /no TLS version in common$/, /TLSv1\.2 and TLSv1\.3/],
    [thrown('UNSUPPORTED_ALGORITHM', { code: 'EPROTO' }), tls, /has an algorithm that TLS does not take/, /RSA or an EC key/],
    [
      thrown('x', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      { ...tls, tls: { ca: 'x', verifyHostname: true } },
      /not trusted/,
      /did not sign it/,
    ],
    [new RangeError('offset'), plain, 'its answer cannot be read: offset', /Kafka broker/],
    [thrown('?', { type: 'ILLEGAL_SASL_STATE' }), sasl, 'the listener does not authenticate users', /PLAINTEXT$/],
    [
      new NotOffered([]),
      sasl,
      /does not offer SASL mechanism SCRAM-SHA-256/,
      /^-X sasl\.mechanism=PLAIN or SCRAM-SHA-512 or OAUTHBEARER or AWS_MSK_IAM or GSSAPI$/,
    ],
    [thrown('something else\nand more'), plain, 'something else', /-v/],
  ] as const) {
    const told = connectionError(error, at, settings);
    assert.equal(told.kind, 'connection');
    const [, words = ''] = /^no connection to broker:9092 \((.*)\)$/.exec(told.message) ?? [];
    if (typeof why === 'string') assert.equal(words, why);
    else assert.match(words, why);
    assert.match(told.hint!, hint);
  }
});

test('a mechanism that the broker does not offer is never offered again, only those that it named', () => {
  const told = (offered: readonly string[]) => connectionError(new NotOffered(offered), at, sasl);
  const several = told(['DIGEST-MD5', 'SCRAM-SHA-512']);
  assert.match(several.message, /does not offer SASL mechanism SCRAM-SHA-256, only DIGEST-MD5, SCRAM-SHA-512\)$/);
  assert.equal(several.hint, '-X sasl.mechanism=SCRAM-SHA-512');
  assert.match(told(['DIGEST-MD5']).hint!, /^kt speaks PLAIN, .+ another listener\?$/);
});

test('a refused client certificate is told with its issuer, or with its dates where they explain it', () => {
  const day = 86_400_000;
  const told = (from: number, to: number) => {
    const certFacts = { issuer: 'CN=Our CA', validFrom: Date.now() + from * day, validTo: Date.now() + to * day };
    const settings = { ...withCert, tls: { ...withCert.tls!, certFacts } };
    const { message, hint } = connectionError(thrown('SSLV3_ALERT_BAD_CERTIFICATE', { code: 'EPROTO' }), at, settings);
    return `${message}\n${hint}`;
  };
  assert.match(told(-9, 9), /refused the client certificate; CN=Our CA issued it\)\ngive one it trusts/);
  assert.match(told(-9, -1), /refused the client certificate; it expired on \d{4}-\d\d-\d\d\)\nrenew/);
  assert.match(told(1, 9), /refused the client certificate; it is not valid before \d{4}-\d\d-\d\d\)\n.*clock/);
});

test('where the address map or a proxy leads elsewhere, that address is named too', () => {
  const mapped = { ...plain, addressMap: new Map([['broker', 'localhost:19092']]) };
  const refused = thrown('', { code: 'ECONNREFUSED' });
  assert.equal(
    connectionError(refused, at, mapped).message,
    'no connection to broker:9092 at localhost:19092 (connection refused)',
  );
  assert.match(connectionError(thrown('', { code: 'ENOTFOUND' }), at, mapped).message, /\(host name localhost not found\)$/);
  const proxied = { ...mapped, proxy: { protocol: 'socks5', host: 'bastion', port: 1080, password: 'hush' } as const };
  for (const told of [connectionError(thrown('Closed connection'), at, proxied), noAnswer(at, proxied, false)]) {
    assert.match(told.message, /^no connection to broker:9092 at localhost:19092 through socks5:\/\/bastion:1080 \(/);
  }
  assert.match(unanswered('Fetch', at, mapped, 500).message, /^no answer to Fetch from broker:9092 at localhost:19092 \(/);
});

test("the innermost cause counts, and the broker's own words about a user are kept without the client's", () => {
  const wrapped = thrown('Number of retries exceeded', {
    cause: thrown('Connection error', { originalError: thrown('', { code: 'ECONNREFUSED' }) }),
  });
  assert.match(connectionError(wrapped, at, plain).message, /connection refused/);
  const facts = { name: 'KafkaJSSASLAuthenticationError' };
  const refused = connectionError(thrown('SASL SCRAM SHA256 authentication failed: no such user', facts), at, sasl);
  assert.deepEqual(
    [refused.message, refused.code],
    ['no connection to broker:9092 (SASL SCRAM-SHA-256 refused user ada: no such user)', 'SASL_AUTHENTICATION_FAILED'],
  );
  const lost = connectionError(thrown('SASL SCRAM SHA256 authentication failed: Closed connection', facts), at, sasl);
  assert.match(lost.message, /\(the server closed the connection\)$/);
  assert.notEqual(lost.code, 'SASL_AUTHENTICATION_FAILED');
});

test('an error that is already a KtError stays as it is', () => {
  const told = new KtError('interrupted', 'interrupted');
  assert.equal(connectionError(told, at, plain), told);
});

test('a server that is not a broker is recognized by its first bytes', () => {
  const who = (bytes: Buffer) => notKafka(bytes, at, sasl);
  assert.match(who(Buffer.from('HTTP/1.1 400')).message, /an HTTP server answered/);
  assert.match(who(Buffer.from('SSH-2.0-x')).message, /an SSH server answered/);
  assert.match(who(Buffer.from([1, 2, 3])).message, /something else answered/);
  const alert = who(Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, 80]));
  assert.match(alert.message, /the listener speaks TLS/);
  assert.match(alert.hint!, /security\.protocol=SASL_SSL$/);
});

test('silence is distinguished from a host that cannot be reached', () => {
  assert.match(noAnswer(at, plain, true).message, /the host did not answer within 2\.5s/);
  assert.match(noAnswer(at, plain, false).message, /accepted the connection, then said nothing for 2\.5s/);
});
