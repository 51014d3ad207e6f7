/** `npm run test:examples` and `npm run test:debezium`: examples in their long form, with all their kills, on a real Kafka. The arguments name them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stopTestClusters, testClusters } from '../support/clusters.ts';
import { cleanEnvironment } from '../support/kt.ts';

const root = join(import.meta.dirname, '../..');
const cluster = (await testClusters()).at(-1)!;
const failed: string[] = [];
try {
  for (const example of process.argv.slice(2)) {
    const started = performance.now();
    const { status } = spawnSync(join(root, 'examples', example), {
      stdio: 'inherit',
      env: {
        ...cleanEnvironment(),
        PATH: `${join(root, 'dist')}:${process.env['PATH']}`,
        KT_BOOTSTRAP_SERVER: cluster.bootstrapServers,
      },
    });
    console.log(
      `${example}: ${status === 0 ? 'ok' : `exit code ${status}`} (${Math.round((performance.now() - started) / 1000)} s)`,
    );
    if (status !== 0) failed.push(example);
  }
} finally {
  await stopTestClusters();
}
process.exitCode = failed.length > 0 ? 1 : 0;
