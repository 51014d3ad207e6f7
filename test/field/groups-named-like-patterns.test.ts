/** Groups whose names read as patterns or as shell: Kafka takes any name, and a client that forgot to fill in a template makes such ones. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { ktOn } from '../support/kt-on.ts';

const cluster = (await testClusters()).at(-1)!;

describe(`groups with odd names on Kafka ${cluster.version}`, () => {
  const kt = ktOn(cluster);

  /** Groups at the end of a topic of ten records, except for one that has read none. */
  async function groups(atEnd: readonly string[], behind: string): Promise<void> {
    const topic = await kt.newTopic();
    await kt.done(['produce', topic], 'x\n'.repeat(10));
    for (const group of [...atEnd, behind]) {
      const to = group === behind ? 'beginning' : 'end';
      await kt.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', to, '--execute']);
    }
  }

  test('a check on a pattern sees all its groups, also when one of them is named like the pattern', async () => {
    const prefix = `odd-${randomUUID()}`;
    await groups([`${prefix}*`, `${prefix}-fine`], `${prefix}-behind`);
    const { code, stdout, stderr } = await kt.run(['lag', `${prefix}*`, '--max-lag', '5', '-o', 'name']);
    assert.deepEqual([code, stdout], [1, `${prefix}*\n${prefix}-behind\n${prefix}-fine\n`], stderr);
    assert.match(stderr, new RegExp(`^kt: group ${prefix}-behind lags more than 5`));
    for (const command of ['list', 'describe'])
      assert.equal((await kt.done(['groups', command, `${prefix}*`, '-o', 'name'])).split('\n').length, 4, command);
  });

  test('a name that a shell would act on is quoted in what kt suggests, and one of two lines is no two names', async () => {
    const prefix = `odd-${randomUUID()}`;
    const [evil, twoLines] = [`${prefix};touch x`, `${prefix}\n${prefix}-other`];
    await groups([evil, twoLines], `${prefix}-last`);
    const { code, stdout, stderr } = await kt.run(['groups', 'list', `${prefix}*`, '-o', 'name']);
    assert.deepEqual([code, stdout], [2, `${prefix}-last\n${evil}\n`], stderr);
    const unread = await kt.run(['lag', evil, '--topic', '__consumer_offsets']);
    assert.match(unread.stderr, new RegExp(`^hint: kt lag '${evil}' shows the topics it reads$`, 'm'));
  });

  test('deleting by such a text deletes nothing, and each of its meanings can be written', async () => {
    const prefix = `odd-${randomUUID()}`;
    await groups([`${prefix}*`], `${prefix}-other`);
    const list = () => kt.done(['groups', 'list', `${prefix}*`, '-o', 'name']);
    const { code, stdout, stderr } = await kt.run(['groups', 'delete', `${prefix}*`, '--yes']);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    const only = /write '([^']+)' for that group alone/.exec(stderr)![1]!;
    assert.equal(await list(), `${prefix}*\n${prefix}-other\n`);
    await kt.done(['groups', 'delete', only, '--yes']);
    assert.equal(await list(), `${prefix}-other\n`);
    await kt.done(['groups', 'delete', `${prefix}*`, '--yes']);
    assert.equal((await kt.run(['groups', 'describe', `${prefix}-other`])).code, 3);
  });
});
