/** The doctor at real clusters: plain and secured, well and not. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Finding } from '../../src/core/doctor/finding.ts';
import { examineGroup } from '../../src/core/doctor/group.ts';
import { connect } from '../../src/kafka/connect.ts';
import { secureCluster, testClusters } from '../support/clusters.ts';
import { kt } from '../support/kt.ts';
import { ktOn } from '../support/kt-on.ts';
import { closedPort, forwarding } from '../support/servers.ts';
import { until } from '../support/until.ts';

const [clusters, secured] = [await testClusters(), await secureCluster()];

/** `dns ok, tcp ok`, without what the disk of this machine is like. */
function course(findings: readonly Finding[]): string {
  const told = findings.filter(({ step }) => step !== 'disk').map(({ step, verdict }) => `${step} ${verdict}`);
  return told.join(', ');
}

/** The text with each finding on one line. */
function unwrapped(text: string): string {
  return text.replace(/\n {20}/g, ' ');
}

for (const cluster of clusters) {
  const on = ktOn(cluster);

  test(`${cluster.version}: a cluster that is well, with a test record`, async () => {
    const topic = await on.newTopic('-p', '2', '--config', 'message.timestamp.type=LogAppendTime');
    const { code, stdout, stderr } = await on.run(['doctor', topic, '--write', '-o', 'json']);
    assert.equal(code, 0, stderr);
    const findings: readonly Finding[] = JSON.parse(stdout);
    assert.equal(
      course(findings),
      'settings ok, dns ok, tcp ok, api-versions ok, metadata ok, listener ok, controller ok, clock ok, replicas ok, permissions ok, permissions ok, topic ok, read ok, write ok, clock ok',
    );
    const found = (step: Finding['step']) => findings.find((each) => each.step === step)!.found;
    assert.equal(
      found('settings'),
      `bootstrap.servers=${cluster.bootstrapServers} (KT_BOOTSTRAP_SERVER); request.timeout.ms=60000 (KT_TIMEOUT)`,
    );
    assert.match(found('listener'), new RegExp(`; release ${cluster.version.slice(0, 3)}$`));
    assert.match(found('clock'), /^its clock agrees with that of the active controller \(to \d+ ms\)$/);
    assert.match(findings.at(-1)!.found, new RegExp(`agrees with that of the leader of ${topic}:0 `));
    assert.equal(found('write'), 'a test record was written at offset 0 with acks=all, and read back');
    assert.deepEqual(await on.values(topic), ['a test record of kt doctor']);
    assert.deepEqual([...new Set(findings.flatMap((each) => Object.keys(each)))].sort(), [
      'found',
      'ms',
      'step',
      'target',
      'verdict',
    ]);
    const text = await on.done(['doctor', topic]);
    assert.match(unwrapped(text), /^ok {4}read {10}topic-\S+: the oldest and the newest record/m);
    assert.ok(text.split('\n').every((line) => line.length <= 80 || !/ /.test(line.trim())));
  });

  test(`${cluster.version}: what holds a group's lag`, async (t) => {
    const topic = await on.newTopic();
    await on.done(['produce', topic], 'one\ntwo\nthree\n');
    const group = `group-${randomUUID()}`;
    await on.done(['tail', topic, '--from-beginning', '-n', '1', '--group', group, '--commit']);
    const stopped = await on.run(['doctor', topic, '--group', group]);
    assert.equal(stopped.code, 1);
    assert.match(stopped.stdout, /^fail {2}group {9}/m);
    assert.match(stopped.stderr, new RegExp(`first fix group \\(${group} on ${topic}:0: the group is Empty: its consumers`));
    assert.match(stopped.stderr, /^hint: start the consumers with group\.id=/m);
    const idle = on.start(t, ['tail', topic, '--group', group]);
    const isAssigned = async () => JSON.parse(await on.done(['lag', group, '-o', 'json']))[0].partitions[0].memberId !== null;
    await until(isAssigned, 'the member has the partition');
    const [host, port] = cluster.bootstrapServers.split(':');
    const settings = {
      bootstrapServers: [{ host: host!, port: Number(port) }],
      clientId: 'kt',
      timeoutMs: 10_000,
      addressMap: new Map(),
    };
    const connected = await connect(settings, { signal: new AbortController().signal });
    t.after(() => connected.close());
    const findings: Finding[] = [];
    for await (const finding of examineGroup(connected, { group, topic, watchMs: 1_500 })) findings.push(finding);
    const still = findings.at(-1)!;
    assert.deepEqual([still.verdict, still.target], ['warn', `${group} on ${topic}:0`]);
    assert.match(still.found, /^nothing was committed in 1s, and 2 records wait, the oldest for /);
    assert.match(still.cure!, new RegExp(`^kt groups peek ${group} `));
    idle.child.kill('SIGTERM');
  });
}

test('a secured cluster: each step says what it found, and no secret', async (t) => {
  const args = ['doctor', '--command-config', secured.clientProperties!];
  const well = await kt([...args, '-o', 'json']);
  assert.equal(well.code, 0, well.stderr);
  const findings: readonly Finding[] = JSON.parse(well.stdout);
  assert.match(course(findings), /^settings ok, dns ok, tcp ok, tls ok, api-versions ok, sasl ok, metadata ok, listener ok,/);
  const found = (step: Finding['step']) => findings.find((each) => each.step === step)!.found;
  assert.match(found('tls'), /^TLSv1\.3 with \w+; the certificate is for localhost, .+ issued by CN=kt local CA/);
  assert.match(found('sasl'), /^SCRAM-SHA-512 takes user admin$/);
  assert.match(found('settings'), /sasl\.password=\*{8}/);

  const hidden = await kt(['doctor', 'nosuch', '--command-config', secured.aliceProperties!, '-o', 'json']);
  const limited: readonly Finding[] = JSON.parse(hidden.stdout);
  assert.equal(hidden.code, 1);
  assert.match(course(limited), /controller skipped, clock skipped, .+ topic fail, read skipped$/);

  const node = await kt([...args, '-X', 'sasl.username=admin', '-X', 'sasl.password=Wr0ng'], { program: 'node' });
  assert.equal(node.code, 4);
  assert.match(node.stdout, /^fail {2}sasl/m);
  assert.match(node.stderr, /first fix sasl \(.+ refused user admin: .+\nhint: check the user name, the password/);

  const untrusted = await kt(['doctor', '-b', secured.listeners.SSL!, '-X', 'security.protocol=SSL']);
  assert.equal(untrusted.code, 4);
  assert.match(
    unwrapped(untrusted.stdout),
    /^fail {2}tls .+ certificate is for localhost, .+ Why: the broker's certificate is not trusted/m,
  );

  const plain = await kt(['doctor', '-b', secured.listeners.SSL!]);
  assert.match(plain.stderr, /first fix api-versions \(\S+: the listener speaks TLS\)\nhint: add -X security\.protocol=SSL/);

  // The classic: a way in through a forwarded port, to a broker that advertises what leads nowhere from here.
  const advertised = secured.listeners.PLAINTEXT!;
  const entrance = await forwarding(Number(advertised.split(':')[1]));
  t.after(() => entrance.close());
  const nowhere = `${advertised}=localhost:${await closedPort()}`;
  const lost = await kt(['doctor', '-b', entrance.address, '--address-map', nowhere]);
  assert.equal(lost.code, 4);
  assert.match(unwrapped(lost.stdout), /^fail {2}listener {6}broker 1: it advertises/m);
  assert.match(lost.stderr, new RegExp(`--address-map ${advertised}=${entrance.address}; or have the broker advertise`));
  for (const { stdout, stderr } of [well, hidden, node, lost])
    for (const secret of [...Object.values(secured.credentials), 'Wr0ng']) assert.ok(!`${stdout}${stderr}`.includes(secret));
});

test('what makes no sense is refused before anything is looked at', async () => {
  for (const [args, why] of [
    [['orders-*'], /^kt: orders-\* \(a pattern\)/],
    [['--write'], /^kt: --write without a topic/],
  ] as const) {
    const { code, stdout, stderr } = await kt(['doctor', ...args]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, why);
  }
});
