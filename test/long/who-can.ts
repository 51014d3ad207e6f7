/**
 * The long form of test/integration/security-admin.test.ts: kt's answers about who may do what, beside those that a broker gives to who really tries.
 *
 *   npm run test:who-can [questions] [seed]
 */
import { randomInt } from 'node:crypto';
import { randomOf } from '../fuzz/random.ts';
import { ownCluster } from '../support/clusters.ts';
import { endings } from '../support/endings.ts';
import { tryWhoCan } from '../support/who-can.ts';

const questions = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? randomInt(2 ** 31));
const { during, end } = endings();
try {
  const cluster = await ownCluster(during, { security: 'sasl_ssl', listeners: ['SASL_PLAINTEXT'] });
  console.log(`seed ${seed}`);
  const { count, allowed } = await tryWhoCan(cluster, questions, randomOf(seed));
  console.log(`${count} answers agree with the broker's; it allowed ${allowed}`);
} finally {
  await end();
}
