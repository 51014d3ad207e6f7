/** A cluster of three with one broker stopped: `kt cluster` shows what Kafka's own tools show, and what is wrong; then all is well again. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ownCluster } from '../support/clusters.ts';
import { javaTool } from '../support/foreign-clients.ts';
import { ktOn } from '../support/kt-on.ts';
import { until, untilEqual } from '../support/until.ts';

// Each has a cluster of its own.
describe('a broker is stopped', { concurrency: true }, () => {
  for (const version of ['3.7.0', '4.3.1']) {
    test(`one of three brokers of Kafka ${version} is stopped, and started again`, async (t) => {
      const cluster = await ownCluster(t, {
        brokers: 3,
        kafkaVersion: version,
        serverConfig: { 'auto.leader.rebalance.enable': 'false' },
      });
      const { run, done, newTopic } = ktOn(cluster);
      const kafka = (tool: string, ...args: string[]) =>
        javaTool(cluster.classpath!, `org.apache.kafka.tools.${tool}`, [
          '--bootstrap-server',
          cluster.bootstrapServers,
          ...args,
        ]);
      const health = async () => {
        const { code, stdout, stderr } = await run(['cluster', 'health', '--min-free', '0', '-o', 'json']);
        const checks = new Map<string, Check>(JSON.parse(stdout).checks.map((check: Check) => [check.check, check]));
        const failed = [...checks.values()].filter(({ ok }) => ok !== true).map(({ check }) => check);
        const partitions = (check: string) => checks.get(check)!.items.map(({ topic, partition }) => `${topic}-${partition}`);
        return { code, stderr, failed, partitions, items: (check: string) => checks.get(check)!.items };
      };
      const untilHealth = async (wanted: string[]) => {
        for (let tries = 1; ; tries++) {
          const now = await health();
          if (JSON.stringify(now.failed) === JSON.stringify(wanted)) return now;
          if (tries === 500) assert.deepEqual(now.failed, wanted);
          await delay(200);
        }
      };
      const theirs = async (filter: string) => {
        const lines = (await kafka('TopicCommand', '--describe', filter)).matchAll(/Topic: (\S+)\s+Partition: (\d+)/g);
        return [...lines].map(([, topic, partition]) => `${topic}-${partition}`).sort();
      };

      const safe = await newTopic('--replica-assignment', '1:2:3,2:3:1,3:1:2', '--config', 'min.insync.replicas=2');
      const strict = await newTopic('--replica-assignment', '3:1:2', '--config', 'min.insync.replicas=3');
      const single = await newTopic('--replica-assignment', '3,1');
      assert.deepEqual((await untilHealth([])).code, 0);

      await cluster.stopNode(3);
      const ill = await untilHealth(['brokers', 'offline-partitions', 'under-min-isr', 'under-replicated']);
      assert.equal(ill.code, 1);
      for (const [check, filter] of [
        ['offline-partitions', '--unavailable-partitions'],
        ['under-replicated', '--under-replicated-partitions'],
        ['under-min-isr', '--under-min-isr-partitions'],
        ['at-min-isr', '--at-min-isr-partitions'],
      ] as const)
        await untilEqual(() => theirs(filter), ill.partitions(check).sort(), check);
      assert.deepEqual(ill.partitions('offline-partitions'), [`${single}-0`]);
      assert.deepEqual(
        ill.items('brokers').map(({ broker }) => broker),
        [3],
      );
      assert.match(ill.stderr, new RegExp(`offline-partitions: partitions without a leader: 1 \\(${single}:0\\)`));

      const described = JSON.parse(await done(['cluster', 'describe', '-o', 'json']));
      assert.deepEqual(
        described.brokers.map(({ broker, status, replicas }: Record<string, unknown>) => [broker, status, replicas]),
        [
          [1, 'running', 5],
          [2, 'running', 4],
          [3, version === '3.7.0' ? 'offline' : 'fenced', 5],
        ],
      );
      const quorum = JSON.parse(await done(['cluster', 'quorum', '-o', 'json']));
      const replication = await kafka('MetadataQuorumCommand', 'describe', '--replication');
      const rows = [...replication.matchAll(/^(\d+)\s.*?(Leader|Follower|Observer)\s*$/gm)].map(([, node, role]) => [
        Number(node),
        role!.toLowerCase(),
      ]);
      assert.deepEqual(
        [...quorum.voters, ...quorum.observers].map(({ node, role }: Record<string, unknown>) => [node, role]).sort(),
        rows.sort(),
      );
      const stopped = quorum.voters.find(({ node }: { node: number }) => node === 3);
      // A leader elected after it had gone never saw it caught up.
      assert.ok(stopped.lagMs === null || stopped.lagMs > 0, `lag of the stopped voter: ${stopped.lagMs} ms`);
      for (const command of ['log-dirs', 'api-versions', 'features']) {
        const answer = JSON.parse(await done(['cluster', command, '-o', 'json']));
        if (command !== 'features')
          assert.deepEqual(
            answer.map(({ broker }: { broker: number }) => broker),
            [1, 2],
          );
      }

      await cluster.startNode(3);
      // The controller gives it the partitions without a leader at once; the others keep their new leaders.
      const skewed = await untilHealth(['leader-skew']);
      assert.deepEqual(skewed.partitions('leader-skew').sort(), [`${safe}-2`, `${strict}-0`].sort());
      assert.match(skewed.stderr, /kt partitions elect-leaders gives leadership back/);

      const elections = async (...args: string[]) =>
        JSON.parse(await done(['partitions', 'elect-leaders', ...args, '-o', 'json'])).map(
          ({ topic, partition, status, from, to }: Record<string, unknown>) => [`${topic}-${partition}`, status, from, to],
        );
      const lead = skewed.items('leader-skew').find(({ topic }) => topic === strict)!.leader;
      assert.deepEqual(await elections('--dry-run', strict), [[`${strict}-0`, 'valid', lead, 3]]);
      assert.deepEqual(await elections(strict), [[`${strict}-0`, 'elected', lead, 3]]);
      assert.deepEqual(await elections(strict), [[`${strict}-0`, 'not-needed', 3, 3]]);
      const theirElections = await kafka('LeaderElectionCommand', '--election-type', 'preferred', '--all-topic-partitions');
      assert.match(
        theirElections,
        new RegExp(`Successfully completed leader election \\(PREFERRED\\) for partitions ${safe}-2\n`),
      );
      const waited = await run(['cluster', 'health', '--min-free', '0', '--wait', '60s']);
      assert.equal(waited.code, 0, waited.stderr);
      await untilHealth([]);
      assert.deepEqual(await elections(), [], 'nothing is left to elect');

      // Its only replica in sync is lost, the other one comes back without the records written meanwhile.
      const lossy = await newTopic('--replica-assignment', '3:1', '--config', 'min.insync.replicas=1');
      await done(['produce', lossy], 'both\n');
      await cluster.killNode(1);
      const isr = async () => JSON.parse(await done(['topics', 'describe', lossy, '-o', 'json']))[0].partitions[0].isr;
      await until(async () => (await isr()).length <= 1, 'the others have left the ISR');
      await done(['produce', lossy], 'only one\n');
      await cluster.killNode(3);
      await cluster.startNode(1);
      await untilHealth(['brokers', 'offline-partitions', 'under-min-isr', 'under-replicated', 'leader-skew']);
      const asked = await run(['partitions', 'elect-leaders', lossy, '--unclean']);
      assert.equal(asked.code, 2);
      assert.match(
        asked.stderr,
        new RegExp(
          `${lossy}:0: in sync were .*; replicas that are left: 1\\nkt: Elect a leader that is not in sync, losing the records that only the lost replicas have, on `,
        ),
      );
      const unavailable = await run(['partitions', 'elect-leaders', lossy]);
      assert.equal(unavailable.code, 3);
      assert.match(unavailable.stderr, /not elected \(.*\)\nhint: its preferred replica is down/);
      assert.deepEqual(await elections(lossy, '--unclean', '--yes'), [[`${lossy}-0`, 'elected', null, 1]]);
      assert.equal(await done(['tail', lossy, '--from-beginning', '-e', '-o', 'value']), 'both\n');

      // It is gone for good: kafka-cluster no longer knows it either.
      assert.match(await done(['cluster', 'unregister', '3', '--yes']), /^ +3 +unregistered$/m);
      const unregister = () =>
        javaTool(cluster.classpath!, 'org.apache.kafka.tools.ClusterTool', [
          ...['unregister', '--bootstrap-server', cluster.bootstrapServers, '--id', '3'],
        ]);
      await assert.rejects(unregister, /BrokerIdNotRegisteredException/);
      const unknown = await run(['cluster', 'unregister', '3', '--yes']);
      assert.deepEqual(
        [unknown.code, unknown.stderr.split('\n')[0]],
        [3, 'kt: broker 3 not unregistered (no broker has this id)'],
      );
    });
  }
});

interface Check {
  readonly check: string;
  readonly ok: boolean | null;
  readonly items: readonly { topic: string; partition: number; broker: number; leader: number }[];
}
