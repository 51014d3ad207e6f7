/**
 * The long form of test/fault/aggregate-killed.test.ts: `kt aggregate --into` is killed with SIGKILL again and again while records flow into a
 * cluster of three brokers, of which some are killed too. What is committed has to be what an undisturbed run comes to.
 *
 *   npm run test:aggregate [records] [kills] [broker kills]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { aggregatedUnderKills } from '../support/killed-aggregation.ts';
import { ktOn } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const records = Number(process.argv[2] ?? 200_000);
const kills = Number(process.argv[3] ?? 20);
const brokerKills = Number(process.argv[4] ?? 3);

const { during, end } = endings();
const startedAt = performance.now();
try {
  const cluster = await ownCluster(during, { brokers: 3 });
  const kt = ktOn(cluster, 'binary');
  const log = (text: string) => console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s: ${text}`);
  let killed = 0;
  await aggregatedUnderKills(during, kt, {
    records,
    kills,
    stepMs: 10,
    // A producer buffers 4 MiB at most, while a partition has no leader.
    grace: '10m',
    topicOptions: ['-r', '3', '-c', 'min.insync.replicas=2'],
    log,
    async disturb(round) {
      if (round % Math.ceil(kills / brokerKills) !== 1 || killed === brokerKills) return;
      const broker = (killed++ % 3) + 1;
      await cluster.killNode(broker);
      log(`killed broker ${broker}`);
      await delay(2_000);
      await cluster.startNode(broker);
      await until(async () => {
        const { code, stdout } = await kt.run(['topics', 'describe', '-o', 'json', '--under-replicated']);
        return code === 0 && JSON.parse(stdout).length === 0;
      }, 'all replicas follow again');
    },
  });
  log(`${records} records, ${kills} kills and ${killed} of brokers: the same as undisturbed`);
} finally {
  await end();
}
process.exit();
