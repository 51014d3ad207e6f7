/** Batches of a few kilobytes that decompress to a great deal: read within a fixed memory up to a bound, refused beyond it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { type BombCodec, bomb, writeBatches } from '../support/bombs.ts';
import { testClusters } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';

const skip = existsSync('/proc/self/status') ? false : 'memory is read from /proc';
const mostMiB = 300;
const megabyte = 1_000_000;
const codecs: readonly BombCodec[] = ['gzip', 'snappy', 'lz4', 'zstd'];

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  /** Bytes on stdout, which are not kept. */
  readonly printed: number;
  /** Its resident memory at most, as far as it was looked at. */
  readonly peakMiB: number;
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

for (const { version, bootstrapServers } of (await testClusters()).slice(-1)) {
  const kt = ktOn({ bootstrapServers }, 'binary');

  const run = async (during: TestContext, ...args: readonly string[]): Promise<Ended> => {
    const { child, ended } = kt.start(during, args);
    let [printed, peakMiB] = [0, 0];
    const look = () => {
      peakMiB = Math.max(peakMiB, peakOf(child.pid!));
    };
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.length;
      look();
    });
    const looking = setInterval(look, 5);
    const { code, stderr } = await ended;
    clearInterval(looking);
    assert.ok(peakMiB < mostMiB, `kt ${args.join(' ')}: ${peakMiB} MiB`);
    return { code, stderr, printed, peakMiB };
  };

  const topicOf = async (...batches: readonly Buffer[]): Promise<string> => {
    const topic = await kt.newTopic('--partitions', '1', '--config', 'max.message.bytes=20MiB');
    await writeBatches(bootstrapServers, topic, batches);
    return topic;
  };

  describe(`bombs on Kafka ${version}`, { skip }, () => {
    for (const codec of codecs) {
      test(`${codec}: a batch beyond the bound ends with its place, its sizes and the option that allows it`, async (t) => {
        const topic = await topicOf(await bomb(codec, megabyte), await bomb(codec, 140 * megabyte));
        const { code, stderr, printed } = await run(t, 'tail', topic, '--from-beginning', '-e', '-o', 'value');
        assert.equal(code, 3, stderr);
        assert.equal(printed, megabyte + 1);
        const told = new RegExp(
          `the record batch at offset 1 of ${topic}:0 is too large \\(${codec}: [\\d.]+[KM]iB become more than 128MiB\\)`,
        );
        assert.match(stderr, told);
        assert.match(
          stderr,
          /hint: allow it more memory, such as --max-batch-bytes 1GiB; or skip it with: kt tail .+ --from 2$/m,
        );
        const allowed = ['--from', '1', '-e', '--max-batch-bytes', '150MB'];
        const whole = await run(t, 'tail', topic, ...allowed, '-o', 'value');
        assert.equal(whole.code, 0, whole.stderr);
        assert.equal(whole.printed, 140 * megabyte + 1);
      });
    }

    test('several large batches in one answer do not add up, whatever is done with them', async (t) => {
      const batches = await Promise.all(codecs.map((codec) => bomb(codec, 40 * megabyte)));
      const topic = await topicOf(...batches, ...batches);
      const whole = ['tail', topic, '--from-beginning', '-e'];
      const value = await run(t, ...whole, '-o', 'value');
      assert.equal(value.code, 0, value.stderr);
      assert.equal(value.printed, 8 * (40 * megabyte + 1));
      for (const args of [
        [...whole, '-f', '%o\n'],
        [...whole, '-o', 'json', '-n', '2'],
        [...whole, '-o', 'pretty', '-n', '2'],
        [...whole, '--merge', '-o', 'value'],
        ['tail', topic, '--last', '1', '-o', 'value'],
        [...whole, '-o', 'value', '--value', 'nothing'],
      ]) {
        const { code, stderr } = await run(t, ...args);
        assert.equal(code, 0, `${args.join(' ')}\n${stderr}`);
      }
      const kept = await run(t, 'tail', topic, '--last', '6', '-o', 'value');
      assert.equal(kept.code, 3, kept.stderr);
      assert.match(kept.stderr, /--last 6 has to keep too much in memory \(more than 192MiB with the record at offset \d of /);
      const filtered = await run(t, ...whole, '-o', 'value', '--where', 'value.length > 1');
      assert.equal(filtered.printed, 0);
      assert.match(
        filtered.stderr,
        /--where failed on 8 records, which were left out \(first: .+:0 at offset 0: 38\.1MiB are too much/,
      );
    });

    test('a group that is stuck on a bomb can be looked at', async (t) => {
      const topic = await topicOf(await bomb('zstd', 400 * megabyte), await bomb('zstd', 5 * megabyte));
      const group = `group-${randomUUID()}`;
      await kt.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', 'beginning', '--execute']);
      const peek = await run(t, 'groups', 'peek', group);
      assert.equal(peek.code, 3, peek.stderr);
      assert.match(peek.stderr, /the record batch at offset 0 of .+ is too large/);
      const lag = await run(t, 'lag', group, '--max-seconds', '1d');
      assert.equal(lag.code, 3, lag.stderr);
      assert.match(lag.stderr, /age of the first unread records of group .+ is unknown/);
      await kt.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', '1', '--execute']);
      const later = await run(t, 'groups', 'peek', group, '-n', '0', '-o', 'json');
      assert.equal(later.code, 0, later.stderr);
    });
  });
}
