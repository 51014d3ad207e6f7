/** `kt tail` choosing records, putting them in order, and following topics that come and go. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';

const clusters = await testClusters();

for (const [index, cluster] of clusters.entries()) {
  const program = index % 2 === 0 ? 'binary' : 'node';
  const { version } = cluster;
  const { run, done, start, newTopic, values } = ktOn(cluster, program);

  /** Starts tail and returns a function that waits for a text on its stdout. */
  function follow(t: TestContext, args: readonly string[]) {
    const { child, ended } = start(t, ['tail', ...args, '-o', 'value']);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    const until = async (stream: 'stdout' | 'stderr', text: string): Promise<void> => {
      const seen = () => (stream === 'stdout' ? output : errors).includes(text);
      while (!seen()) await once(child[stream], 'data', { signal: AbortSignal.timeout(30_000) });
    };
    return { child, ended, until, output: () => output };
  }

  describe(`${version}, ${program}`, { concurrency: 4 }, () => {
    test('filters choose records before they are counted, and all of them have to hold', async () => {
      const topic = await newTopic('--partitions', '2');
      const lines = numbers(1, 40).map((each) =>
        JSON.stringify({
          key: `user-${Number(each) % 4}`,
          value: Number(each) % 10 === 0 ? null : JSON.stringify({ amount: Number(each) }),
          headers: [{ key: 'type', value: Number(each) % 2 === 0 ? 'order' : 'payment' }],
        }),
      );
      await done(['produce', topic, '-i', 'json'], asLines(lines));
      const count = async (...options: string[]) => (await values(topic, '--from-beginning', '-e', ...options)).length;
      assert.equal(await count('--key', '^user-1$'), 10);
      assert.equal(await count('--header', 'type=^ord'), 20);
      assert.equal(await count('--value', '"amount":3'), 10);
      assert.equal(await count('--where', 'value?.amount > 30'), 9);
      assert.equal(await count('--key', 'user-1', '--where', 'value?.amount > 30', '-n', '2'), 2);
      assert.equal(await count('--key', '/USER-1/i', '--header', 'type=order'), 0);
      assert.equal(await count('--where', 'value.amount > 30'), 9, 'a tombstone has no amount, and that is no failure');
      const failing = await run(['tail', topic, '--from-beginning', '-e', '--where', 'value === null && key.toFixed(1)']);
      assert.deepEqual([failing.code, failing.stdout], [0, '']);
      assert.match(failing.stderr, /^kt: --where failed on 4 records, which were left out \(first: /m);
    });

    test('an impossible filter is refused before anything is read', async () => {
      for (const [option, message] of [
        ['--key=[', '--key [ (not a regular expression: '],
        ['--where=value.', "--where 'value.' (unexpected token)\n    value.\n          ^"],
        ['--header==x', '--header =x (no header name)'],
      ]) {
        const { code, stdout, stderr } = await run(['tail', 'no-such-topic', option!]);
        assert.deepEqual([code, stdout], [2, ''], stderr);
        assert.ok(stderr.replaceAll("'", '').startsWith(`kt: ${message!.replaceAll("'", '')}`), stderr);
      }
      const topic = await newTopic();
      await done(['produce', topic], 'a\n');
      const { code, stderr } = await run(['tail', topic, '--from-beginning', '-e', '--where', 'valu > 1']);
      assert.equal(code, 2);
      assert.match(stderr, /^kt: --where 'valu > 1' \(valu is not defined\)\n {4}valu > 1\n {4}\^\nhint: did you mean value\?/);
    });

    test('the newest records come from all partitions, in the order of time; merged, all do', async () => {
      const topic = await newTopic('--partitions', '3');
      const now = Date.now();
      const lines = numbers(0, 99).map((each) =>
        JSON.stringify({ partition: (Number(each) * 7) % 3, timestamp: now + Number(each), value: each }),
      );
      await done(['produce', topic, '-i', 'json', '--partition-from-input'], asLines(lines));
      assert.deepEqual(await values(topic, '--last', '5'), numbers(95, 99));
      assert.deepEqual(await values(topic, '--last', '2', '--value', '^1'), numbers(18, 19));
      assert.deepEqual(
        await values(topic, '--last', '3', '--to', '-10'),
        (await values(topic, '--to', '-10', '--merge', '--from-beginning')).slice(-3),
      );
      assert.deepEqual(await values(topic, '--from-beginning', '-e', '--merge'), numbers(0, 99));
      assert.deepEqual(await values(topic, '--from-beginning', '--merge', '-n', '10'), numbers(0, 9));
      for (const words of [
        ['--last', '3', '-n', '3'],
        ['--last', '3', '--from', '5'],
        ['--merge', '--group', 'g'],
      ]) {
        assert.equal((await run(['tail', topic, ...words])).code, 2, words.join(' '));
      }
    });

    test('the newest records are found behind transaction markers and aborted records', async () => {
      const topic = await newTopic();
      await done(['produce', topic], asLines(numbers(1, 5)));
      for (let turn = 0; turn < 3; turn++) {
        const broken = ['produce', topic, '-i', 'json', '--transactional-id', `tx-${topic}`];
        assert.equal((await run(broken, '{"value":"aborted"}\nno json\n')).code, 2);
      }
      assert.deepEqual(await values(topic, '--last', '3'), ['3', '4', '5']);
    });

    test('followed by a pattern, a new topic and new partitions are read from their beginning, and a deleted one ends', async (t) => {
      const prefix = `follow-${randomUUID()}`;
      await done(['topics', 'create', `${prefix}-a`]);
      await done(['produce', `${prefix}-a`], 'there at the start\n');
      const { child, ended, until } = follow(t, [`${prefix}-*`, '--from-beginning']);
      await until('stdout', 'there at the start\n');
      await done(['topics', 'create', `${prefix}-b`]);
      await done(['produce', `${prefix}-b`], 'before kt saw it\n');
      await until('stderr', `topic ${prefix}-b is new: read from the beginning`);
      await until('stdout', 'before kt saw it\n');
      await done(['topics', 'delete', `${prefix}-b`, '--yes']);
      await until('stderr', `topic ${prefix}-b was deleted; the others are still read`);
      await done(['produce', `${prefix}-a`], 'still there\n');
      await until('stdout', 'still there\n');
      child.kill('SIGINT');
      assert.equal((await ended).code, 130);
    });

    test('the only topic being deleted is an error', async (t) => {
      const topic = await newTopic();
      await done(['produce', topic], 'one\n');
      const { ended, until } = follow(t, [topic, '--from-beginning']);
      await until('stdout', 'one\n');
      await done(['topics', 'delete', topic, '--yes']);
      const { code, stderr } = await ended;
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`^kt: topic ${topic} was deleted while it was read$`, 'm'));
    });

    test('a group that reads a pattern joins what appears, from its beginning', async (t) => {
      const prefix = `follow-${randomUUID()}`;
      await done(['topics', 'create', `${prefix}-a`]);
      const { child, ended, until, output } = follow(t, [`${prefix}-*`, '--group', prefix, '--commit']);
      await until('stderr', `assigned ${prefix}-a:0`);
      await done(['topics', 'create', `${prefix}-b`]);
      await done(['produce', `${prefix}-b`], 'first\n');
      await until('stdout', 'first\n');
      await done(['produce', `${prefix}-a`], 'second\n');
      await until('stdout', 'second\n');
      child.kill('SIGINT');
      assert.equal((await ended).code, 130);
      assert.deepEqual(linesOf(output()), ['first', 'second']);
      const [group] = JSON.parse(await done(['lag', prefix, '-o', 'json']));
      assert.equal(group.lag, 0);
    });
  });
}
