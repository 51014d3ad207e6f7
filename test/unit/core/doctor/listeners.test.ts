/** Advertised addresses: of no use from here, each for a reason of its own, with what to map or to advertise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { advice, podOf } from '../../../../src/core/doctor/advice.ts';
import type { Finding } from '../../../../src/core/doctor/finding.ts';
import { examineListeners } from '../../../../src/core/doctor/listeners.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { greetingBroker } from '../../../support/greeting-broker.ts';
import { closedPort } from '../../../support/servers.ts';

test('each broker that cannot be reached is a finding; the others are one, with their release', async (t) => {
  const broker = await greetingBroker();
  t.after(() => broker.close());
  const closed = await closedPort();
  const cluster = fakeCluster({
    answers: {
      ApiVersions: () => ({
        errorCode: 0,
        apiKeys: [],
        supportedFeatures: [],
        finalizedFeatures: [],
        finalizedFeaturesEpoch: -1n,
      }),
      DescribeConfigs: () => ({ results: [{ errorCode: 0 }] }),
    },
  });
  const brokers = [
    { id: 1, host: 'localhost', port: broker.port, rack: null },
    { id: 2, host: '127.0.0.1', port: closed, rack: null },
    { id: 3, host: 'kafka.invalid', port: 29_092, rack: null },
  ];
  const metadata = { ...(await cluster.metadata('all')), brokers };
  const settings = { bootstrapServers: [brokers[0]!], clientId: 'kt', timeoutMs: 9_000, addressMap: new Map() };
  const findings: Finding[] = [];
  const examination = examineListeners({ cluster, metadata, settings }, brokers[0]!);
  let next = await examination.next();
  for (; !next.done; next = await examination.next()) findings.push(next.value);
  assert.deepEqual(next.value, [1]);
  assert.deepEqual(
    findings.map(({ target, verdict, found, why }) => [target, verdict, found, why]),
    [
      ['broker 2', 'fail', `it advertises 127.0.0.1:${closed}, which cannot be used from here`, 'connection refused'],
      [
        'broker 3',
        'fail',
        'it advertises kafka.invalid:29092, which cannot be used from here',
        'host name kafka.invalid not found',
      ],
      ['broker 1', 'ok', `1 of 3 brokers: reached at the advertised localhost:${broker.port}; release 2.1 or newer`, undefined],
    ],
  );
  assert.match(findings[1]!.cure!, /--address-map kafka\.invalid:29092=localhost:PORT, with the port/);
});

test('one port for several brokers leads to one of them, and the others are told', async (t) => {
  const entrance = await greetingBroker();
  t.after(() => entrance.close());
  const asks = (id: string) => `Unexpected broker id, expected 1 or empty string, but received ${id}`;
  const cluster = fakeCluster({
    answers: {
      ApiVersions: () => ({
        errorCode: 0,
        apiKeys: [],
        supportedFeatures: [],
        finalizedFeatures: [],
        finalizedFeaturesEpoch: -1n,
      }),
      DescribeConfigs: ({ resources: [{ resourceName }] }) => ({
        results: [resourceName === '1' ? { errorCode: 0 } : { errorCode: 42, errorMessage: asks(resourceName) }],
      }),
    },
  });
  const brokers = [1, 2].map((id) => ({ id, host: `kafka-${id}`, port: 9092, rack: null }));
  const metadata = { ...(await cluster.metadata('all')), brokers };
  const at = `127.0.0.1:${entrance.port}`;
  const addressMap = new Map([1, 2].map((id) => [`kafka-${id}`, at]));
  const settings = { bootstrapServers: [brokers[0]!], clientId: 'kt', timeoutMs: 9_000, addressMap };
  const findings: Finding[] = [];
  for await (const finding of examineListeners({ cluster, metadata, settings }, brokers[0]!)) findings.push(finding);
  assert.deepEqual(
    findings.map(({ target, verdict, found }) => [target, verdict, found]),
    [
      ['broker 2', 'fail', 'at kafka-2:9092, which it advertises, broker 1 answers'],
      ['broker 1', 'ok', '1 of 2 brokers: reached at the advertised kafka-1:9092; release 2.1 or newer'],
    ],
  );
});

test('the advice depends on what the address looks like', () => {
  const unknown = new KtError('connection', 'no connection', { code: 'ENOTFOUND' });
  const through = { host: 'kafka.example.com', port: 9092 };
  const told = (host: string, port = 9092, isOnly = true) => advice({ host, port }, through, unknown, isOnly)!;
  assert.match(told('kafka', 29_092), /container \(Docker\).+--address-map kafka:29092=kafka\.example\.com:9092/);
  assert.match(
    told('localhost'),
    /^to every client that address is the client itself: have the broker advertise .+ such as kafka\.example/,
  );
  assert.match(
    told('kafka-0.kafka-headless.data.svc.cluster.local'),
    /kubectl port-forward pod\/kafka-0 -n data 9092, then --address-map kafka-0\.kafka-headless\.data\.svc\.cluster\.local:9092=localhost:9092/,
  );
  assert.match(told('10.2.3.4'), /^is the broker running, .+: --address-map 10\.2\.3\.4:9092=kafka\.example\.com:9092; or/);
  // The way in leads to any of several brokers.
  assert.match(
    told('kafka-2', 9092, false),
    /--address-map kafka-2:9092=kafka\.example\.com:PORT, with the port that leads to this broker/,
  );
  const here = advice({ host: 'localhost', port: 9093 }, { host: 'localhost', port: 9092 }, unknown, true)!;
  assert.match(here, /^is the broker running\? if another port leads to it: --address-map localhost:9093=localhost:9092/);
  const tls = new KtError('connection', 'no connection', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  assert.equal(advice({ host: 'kafka', port: 9092 }, through, tls, true), undefined, 'the address is not what is wrong');
});

test('names inside of Kubernetes', () => {
  assert.equal(podOf('kafka.data.svc'), 'service/kafka -n data');
  assert.equal(podOf('my-cluster-kafka-0.my-cluster-kafka-brokers.kafka.svc'), 'pod/my-cluster-kafka-0 -n kafka');
  for (const host of ['kafka', 'kafka.example.com', 'svc']) assert.equal(podOf(host), undefined);
});
