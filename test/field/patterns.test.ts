/** Regular expressions that JavaScript's engines give up on, or never come back from: kt finds every record, and stays awake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { asLines, ktOn } from '../support/kt-on.ts';

const clusters = await testClusters();
const programs = ['binary', 'node'] as const;

for (const [index, cluster] of clusters.entries()) {
  const program = programs[index % programs.length]!;
  const { run, done, newTopic, values } = ktOn(cluster, program);
  const name = (story: string) => `${cluster.version}, ${program}: ${story}`;

  test(name('an expression with countless ways to match finds its records, as a filter and in --where'), async () => {
    const topic = await newTopic('--partitions', '1');
    const written = [`${'a'.repeat(60)}!`, `${'a'.repeat(5_000)}!`, 'a'.repeat(30), 'b', `${'x'.repeat(4_000)}-1-2`];
    await done(['produce', topic, '-K', ':'], asLines(written.map((value) => `${value.slice(0, 100)}:${value}`)));
    const reading = ['--from-beginning', '-e'];
    assert.deepEqual(await values(topic, ...reading, '--value', '/^(a|aa)+$|!$/'), written.slice(0, 3));
    assert.deepEqual(await values(topic, ...reading, '--key', '/^(a+)+!$/'), written.slice(0, 1));
    assert.deepEqual(await values(topic, ...reading, '--where', '/^(a|aa)+!$/.test(value)'), written.slice(0, 2));
    assert.deepEqual(
      await values(topic, ...reading, '--where', "value.match(/(x+x+)+-(\\d)-(\\d)/)?.[3] === '2'"),
      written.slice(4),
    );
  });

  test(name('one that only going back could match is refused before anything is read'), async () => {
    for (const words of [
      ['--value', '/(a+)+\\1$/'],
      ['--where', '/(a+)+\\1$/.test(value)'],
    ]) {
      const { code, stderr } = await run(['tail', 'orders', '-e', ...words]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /it could take for ever, and kt cannot bound it: \\1 refers to a group/);
    }
  });

  test(name('a name with countless ways to match is compared at once'), async () => {
    const topic = await newTopic('--partitions', '1');
    const found = await done(['topics', 'list', '/(t|o|p|i|c|[a-z]+|-|\\w+)+/', '-o', 'name']);
    assert.ok(found.split('\n').includes(topic), found);
    const { code } = await run(['topics', 'describe', '(\\w+|-|[a-z0-9]+)+!']);
    assert.equal(code, 3);
  });
}
