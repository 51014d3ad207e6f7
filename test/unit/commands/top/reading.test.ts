/** What is fetched for a screen while somebody looks at it: remembered for a while, and asked for again where it failed. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { KtError } from '../../../../src/base/errors.ts';
import { openRecords, StuckRecords } from '../../../../src/commands/top/reading.ts';
import { topicConfigs } from '../../../../src/commands/top/topic-configs.ts';
import type { View } from '../../../../src/commands/top/view.ts';
import type { Context } from '../../../../src/context.ts';
import { fakeCluster, offsetsAnswer } from '../../../support/fake-cluster.ts';
import { actions, press, scene, screenText } from '../../../support/top-screen.ts';
import { until } from '../../../support/until.ts';
import { batchOf } from '../../kafka/batch/fixtures.ts';
import { fakeLog, fetchAnswer } from '../../kafka/fetch/fake-logs.ts';

let looks = 0;
beforeEach(() => {
  looks = 0;
});

const cluster = fakeCluster({
  topics: () => {
    looks++;
    throw new KtError('connection', `failed ${looks} times`);
  },
});
const place = (offset: number) => ({ topic: 'orders', partition: 0, offset: BigInt(offset), end: 1_000n });

function stuck() {
  const context = { signal: new AbortController().signal } as Context;
  const formats = { keyFormat: undefined, valueFormat: undefined, schemas: undefined };
  const act = actions();
  return { look: new StuckRecords({ context, formats, cluster, actions: act }), act };
}

/** Lets promises that wait for nothing else come to their end. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

test('a record that could not be fetched is fetched again after a while, and at Enter', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { look, act } = stuck();
  const found = async (ms: number) => {
    look.rest(place(7));
    mock.timers.tick(ms);
    await settle();
    return look.known()?.found;
  };
  assert.equal(await found(499), undefined);
  assert.equal(await found(1), 'failed 1 times');
  assert.equal(await found(1_000), 'failed 1 times');
  assert.equal(await found(4_000), 'failed 1 times');
  assert.equal(await found(500), 'failed 2 times');
  look.open(place(7));
  await settle();
  assert.deepEqual(act.done, ['say failed 2 times']);
  assert.equal(look.known()?.found, 'failed 3 times');
  look.close();
});

test('of what a group was stuck on only the last is remembered', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { look } = stuck();
  const rest = async (offset: number) => {
    look.rest(place(offset));
    mock.timers.tick(500);
    await settle();
  };
  for (let offset = 0; offset < 25; offset++) await rest(offset);
  look.rest(place(24));
  assert.equal(look.known()?.found, 'failed 25 times');
  look.rest(place(0));
  assert.equal(look.known()?.found, undefined);
  look.close();
});

test('configs that could not be read are asked for again after a while', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let asks = 0;
  const DescribeConfigs = () => {
    asks++;
    if (asks < 3) throw new KtError('connection', `failed ${asks} times`);
    return { results: [{ resourceType: 2, resourceName: 'orders', errorCode: 0, errorMessage: null, configs: [] }] };
  };
  const known = topicConfigs(
    fakeCluster({ topics: () => ({ orders: [1] }), answers: { DescribeConfigs } }),
    'orders',
    () => {},
  );
  const after = async (ms: number) => {
    mock.timers.tick(ms);
    known();
    await settle();
    const configs = known();
    return configs instanceof KtError ? configs.message : configs;
  };
  assert.equal(await after(0), 'failed 1 times');
  assert.equal(await after(4_999), 'failed 1 times');
  assert.equal(await after(1), 'failed 2 times');
  assert.deepEqual(await after(5_000), []);
  assert.deepEqual(await after(60_000), []);
  assert.equal(asks, 3);
});

test('the next of a record that is no longer kept is the oldest that is', async (t) => {
  const log = fakeLog([batchOf(0n, ['first'])]);
  const answers = { Fetch: fetchAnswer({ 'orders-0': log }), ListOffsets: offsetsAnswer({ 'orders-0': [0n, 1n] }) };
  const context = { signal: new AbortController().signal } as Context;
  const formats = { keyFormat: undefined, valueFormat: undefined, schemas: undefined };
  const of = scene();
  let opened: View | undefined;
  const act = {
    ...actions(),
    open: (view: View) => {
      opened = view;
    },
  };
  const list = openRecords(
    { context, formats, cluster: fakeCluster({ topics: () => ({ orders: [1] }), answers }), actions: act },
    'orders',
    undefined,
    1,
  );
  t.after(() => list.close?.());
  const screen = (view: View) => screenText(view, of, 80, 24).join('\n');
  await until(() => screen(list).includes('1 kept'), 'the record');
  press(list, of, ['enter'], act);
  assert.match(screen(opened!), /orders › 0 › 0 /);
  for (let offset = 1n; offset < 5n; offset++) log.batches.push(batchOf(offset, ['x'.repeat(6 << 20)]));
  log.end = 5n;
  await until(() => /\b4 +null/.test(screen(list)), 'the last one');
  press(opened!, of, ['[', ']'], act);
  assert.match(screen(opened!), /orders › 0 › 3 /);
  assert.deepEqual(act.done, ['say no earlier record is kept']);
});
