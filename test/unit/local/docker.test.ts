import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatContainer, nodeContainer } from '../../../src/local/docker.ts';
import { formatFileText } from '../../../src/local/jvm.ts';
import { someState } from './clusters.ts';

const cluster = { name: 'ci', directory: '/data/kt/local/ci', kafkaVersion: '3.7.0' };

/** The values of an option that may be given several times. */
const valuesOf = (args: readonly string[], option: string) => args.filter((_, index) => args[index - 1] === option);

test("a node's container publishes its clients' ports on the loopback only, and reads the same files as the Java runtime", () => {
  const state = someState({ security: 'sasl_ssl', listeners: ['SASL_SSL', 'SSL'] });
  const args = nodeContainer(cluster, state.nodes[0]!);
  assert.deepEqual(args.slice(0, 2), ['run', '--detach']);
  assert.deepEqual(valuesOf(args, '--name'), ['kt-ci-1']);
  assert.deepEqual(valuesOf(args, '--network'), ['kt-ci']);
  assert.deepEqual(valuesOf(args, '--publish'), ['127.0.0.1:9092:9092', '127.0.0.1:9093:9093']);
  assert.deepEqual(valuesOf(args, '--volume'), ['/data/kt/local/ci:/kt:ro', 'kt-ci-1:/kt/node-1/data']);
  assert.deepEqual(valuesOf(args, '--workdir'), ['/kt/node-1']);
  assert.deepEqual(valuesOf(args, '--entrypoint'), ['java']);
  const command = args.slice(args.indexOf('apache/kafka:3.7.0') + 1);
  assert.deepEqual(command.slice(-4), ['-cp', '/opt/kafka/libs/*', 'kafka.Kafka', 'server.properties']);
  assert.ok(command.includes('-Dlog4j.configuration=file:../log4j.properties'));
});

test('formatting happens once, without a network, on the same volume, and no password is in its command line', () => {
  const state = someState({ security: 'sasl_ssl', kafkaVersion: '3.7.0' });
  const args = formatContainer(cluster, 1);
  assert.deepEqual(args.slice(0, 4), ['run', '--rm', '--network', 'none']);
  assert.ok(valuesOf(args, '--volume').includes('kt-ci-1:/kt/node-1/data'));
  assert.equal(args.at(-1), '@format.args');
  for (const password of Object.values(state.users)) assert.ok(!args.join().includes(password));
});

test('the words that format are in a file, the SCRAM users among them', () => {
  const state = { ...someState({ security: 'sasl_ssl' }), users: { admin: 'a"b\\c', alice: 'x y' } };
  assert.equal(
    formatFileText(state),
    [
      ...['kafka.tools.StorageTool', 'format', '--cluster-id', state.clusterId, '--config', 'server.properties'],
      ...['--add-scram', 'SCRAM-SHA-256=[name=admin,password=a\\"b\\\\c]', '--add-scram'],
      ...['SCRAM-SHA-512=[name=admin,password=a\\"b\\\\c]', '--add-scram', 'SCRAM-SHA-256=[name=alice,password=x y]'],
      ...['--add-scram', 'SCRAM-SHA-512=[name=alice,password=x y]'],
    ]
      .map((word) => `"${word}"\n`)
      .join(''),
  );
});
