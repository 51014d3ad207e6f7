/** A second controller gets a vote and loses it again, by kt and by Kafka's own tool; each sees what the other did. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../../src/local/ports.ts';
import { ownCluster } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { quickJava } from '../support/java.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Replica {
  readonly node: number;
  readonly directoryId: string | null;
}

test('a controller is added to a quorum of real controllers and removed from it, beside kafka-metadata-quorum', async (t) => {
  const cluster = await ownCluster(t, { kafkaVersion: '4.3.1' });
  const classpath = cluster.classpath!;
  const { run, done } = ktOn({ bootstrapServers: cluster.bootstrapServers, program: 'binary' });
  const tool = (...args: string[]) =>
    javaTool(classpath, 'org.apache.kafka.tools.MetadataQuorumCommand', [
      ...['--bootstrap-server', cluster.bootstrapServers],
      ...args,
    ]);
  const quorum = async (): Promise<{ clusterId: string; voters: Replica[]; observers: Replica[] }> =>
    JSON.parse(await done(['cluster', 'quorum', '-o', 'json']));
  const nodes = (replicas: readonly Replica[]) => replicas.map(({ node }) => node).sort();

  const other = ['-i', '9', '-d', 'yIwsHvbKAMoo3yRA0DcNyQ', '--listener', 'CONTROLLER://127.0.0.1:1'];
  for (const more of [[], ['--dry-run']]) {
    const fixed = await run(['cluster', 'quorum', 'add-controller', ...other, ...more]);
    assert.equal(fixed.code, 3);
    assert.match(fixed.stderr, /controller 9 not added \(.*\)\nhint: kt cluster features upgrade --feature kraft\.version=1 /);
  }
  await done(['cluster', 'features', 'upgrade', '--feature', 'kraft.version=1']);
  const endpoint = /CONTROLLER:\/\/([^\s\]"]+)/.exec(await tool('describe', '--status'))![1];

  const folder = mkdtempSync(join(tmpdir(), 'kt-controller-'));
  const config = join(folder, 'controller.properties');
  const listener = `CONTROLLER://127.0.0.1:${(await freePorts(1))[0]}`;
  writeFileSync(
    config,
    `process.roles=controller\nnode.id=9\ncontroller.quorum.bootstrap.servers=${endpoint}\nlisteners=${listener}\ncontroller.listener.names=CONTROLLER\nlog.dirs=${folder}/data\n`,
  );
  const { clusterId } = await quorum();
  const format = ['format', '--cluster-id', clusterId, '--config', config, '--no-initial-controllers'];
  await javaTool(classpath, 'kafka.tools.StorageTool', format);
  const controller = spawn('java', [...quickJava(classpath), 'kafka.Kafka', config], { stdio: 'ignore' });
  const ended = new Promise((resolve) => controller.once('exit', resolve));
  t.after(async () => {
    controller.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  await until(async () => (await quorum()).observers.some(({ node }) => node === 9), 'the controller to follow the quorum');

  const add = ['cluster', 'quorum', 'add-controller', '--controller-config', config, '-o', 'json'];
  const [dry] = JSON.parse(await done([...add, '--dry-run']));
  assert.deepEqual([dry.controller, dry.status], [9, 'valid']);
  assert.deepEqual(nodes((await quorum()).voters), [1]);
  const [added] = JSON.parse(await done(add));
  assert.deepEqual(added, { ...dry, status: 'added' });
  assert.deepEqual(nodes((await quorum()).voters), [1, 9]);
  const shown = await tool('describe', '--status');
  assert.ok(shown.includes(added.directoryId) && shown.includes(listener), shown);
  const twice = await run(add);
  assert.equal(twice.code, 3);
  assert.equal(JSON.parse(twice.stdout)[0].error.code, 'DUPLICATE_VOTER');

  await tool('remove-controller', '--controller-id', '9', '--controller-directory-id', added.directoryId);
  await until(async () => nodes((await quorum()).voters).join() === '1', 'the controller to be without a vote');
  const byName = ['-i', '9', '-d', added.directoryId, '--listener', listener];
  await done(['cluster', 'quorum', 'add-controller', ...byName]);
  const remove = ['cluster', 'quorum', 'remove-controller', '--controller-id', '9'];
  const asked = await run(remove);
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /Take the vote of controller 9 on .*\? \(nobody to ask/);
  assert.match(await done([...remove, '--dry-run']), /9 +\S+ +valid/);
  assert.match(await done([...remove, '--yes']), /9 +\S+ +removed/);
  const { voters, observers } = await quorum();
  assert.deepEqual([nodes(voters), nodes(observers)], [[1], [9]]);
  const gone = await run([...remove, '--yes']);
  assert.deepEqual([gone.code, /it is no voter/.test(gone.stderr)], [3, true], gone.stderr);
  for (const more of [['--dry-run'], ['--yes']])
    assert.equal((await run(['cluster', 'quorum', 'remove-controller', '-i', '1', ...more])).code, 3);
});
