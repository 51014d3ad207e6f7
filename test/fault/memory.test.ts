/** Memory of a producer that runs for long: flat over all of its input, even while the broker does nothing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ownCluster } from '../support/clusters.ts';
import { asLines, ktOn } from '../support/kt-on.ts';
import { isLong } from '../support/long.ts';

const skip = existsSync('/proc/self/status') ? false : 'memory is read from /proc';
/** One MiB of lines. */
const piece = Buffer.from(asLines(Array.from({ length: 8192 }, (_, index) => String(index).padEnd(127, 'x'))));
/** A gigabyte in the long form; in the short one enough to tell who keeps it. */
const pieces = isLong ? 1024 : 448;
/** Peaks are 120 to 140 MiB; a producer that kept or queued its input would need all of that more. */
const mostMiB = 256;
/** Buffers of kt, of the sockets and the pipe. */
const mostOnTheWayMiB = 64;

function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) / 1024;
}

test(`${pieces} MiB through stdin take hardly any memory, and a stopped broker stops the input`, {
  skip,
}, async (t) => {
  const cluster = await ownCluster(t, {});
  const broker = cluster.nodes[0]!.pid;
  for (const program of ['binary', 'node'] as const) {
    const kt = ktOn(cluster, program);
    const topic = await kt.newTopic('--partitions', '3');
    const { child, ended } = kt.start(t, ['produce', topic, '--compression', 'snappy']);
    const { stdin } = child;
    stdin.on('error', () => {});
    const feed = async (count: number): Promise<void> => {
      for (let fed = 0; fed < count; fed++) if (!stdin.write(piece)) await once(stdin, 'drain');
    };
    await feed(pieces / 2);

    process.kill(broker, 'SIGSTOP');
    let taken = 0;
    try {
      for (let isTaken: boolean | undefined = true; isTaken && taken < pieces; taken++) {
        if (!stdin.write(piece)) isTaken = await Promise.race([once(stdin, 'drain').then(() => true), delay(1_500, false)]);
      }
    } finally {
      process.kill(broker, 'SIGCONT');
    }
    assert.ok(taken < mostOnTheWayMiB, `${program}: ${taken} MiB taken while the broker stood still`);
    await once(stdin, 'drain');
    await feed(pieces / 2);
    const peak = peakMiB(child.pid!);
    stdin.end();
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`^${8192 * (pieces + taken)} records written`));
    assert.ok(peak < mostMiB, `${program}: ${peak} MiB`);
    t.diagnostic(`${program}: peak ${peak.toFixed()} MiB, ${taken} MiB taken while the broker stood still`);
    await kt.done(['topics', 'delete', topic, '--yes']);
  }
});
