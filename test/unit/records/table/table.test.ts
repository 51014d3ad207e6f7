/** Tables of random histories, beside what brute force says of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FetchedRecords } from '../../../../src/kafka/batch/record.ts';
import { visitHeaders } from '../../../../src/kafka/batch/record-headers.ts';
import { compileExpression, compileFold } from '../../../../src/records/expression/compile.ts';
import { StreamFields } from '../../../../src/records/expression/stream-fields.ts';
import { KeyChoice } from '../../../../src/records/key-choice.ts';
import { SpillingStore } from '../../../../src/records/store/spilling-store.ts';
import { FoldedStates } from '../../../../src/records/table/folded-states.ts';
import { NewestValues } from '../../../../src/records/table/newest-values.ts';
import { RowBatch } from '../../../../src/records/table/row-batch.ts';
import { Table, type TableOptions } from '../../../../src/records/table/table.ts';
import { fetched } from '../../../support/fetched.ts';
import { seed } from '../../../support/random-records.ts';

interface Event {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string])[];
}

const events = fc
  .array(
    fc.record({
      partition: fc.nat(2),
      timestamp: fc.integer({ min: -1, max: 12 }),
      key: fc.option(fc.constantFrom('a', 'a\0', 'a\0\0\0\x01', 'b', '', '\0', 'ü'), { freq: 12 }),
      value: fc.option(fc.constantFrom('1', '2', '30', ''), { freq: 4 }),
      headers: fc.array(fc.tuple(fc.constantFrom('h', ''), fc.constantFrom('x', '')), { maxLength: 2 }),
    }),
    { maxLength: 60 },
  )
  .map((all) => {
    const offsets = [0, 0, 0];
    return all.map((event): Event => ({ ...event, offset: offsets[event.partition]!++ }));
  });

function recordsOf(all: readonly Event[]): FetchedRecords {
  return {
    topic: 'orders',
    each(visit) {
      for (const { partition, offset, timestamp, ...written } of all) {
        fetched([written]).each((record) => visit(Object.assign(record, { partition, offset, timestamp })));
      }
    },
  };
}

type Row = Omit<Event, 'headers'> & { readonly headers: readonly string[]; readonly before?: string | null };

function rowsOf(batches: Iterable<RowBatch>): Row[] {
  const rows: Row[] = [];
  for (const batch of batches) {
    batch.each((record) => {
      const { bytes, keyStart, keyEnd, valueStart, valueEnd, partition, offset, timestamp } = record;
      const headers: string[] = [];
      visitHeaders(record, (all, from, to, valueFrom, valueTo) => {
        headers.push(`${all.toString('utf8', from, to)}=${all.toString('utf8', valueFrom, valueTo)}`);
      });
      const { earlier } = batch;
      rows.push({
        partition,
        offset,
        timestamp,
        key: bytes.toString('utf8', keyStart, keyEnd),
        value: valueStart < 0 ? null : bytes.toString('utf8', valueStart, valueEnd),
        headers,
        ...(earlier && { before: earlier.bytes.toString('utf8', earlier.valueStart, earlier.valueEnd) }),
      });
    });
  }
  return rows;
}

function tableOf(wanted: Partial<TableOptions> = {}): Table {
  const store = new SpillingStore({ what: 'the test' });
  return new Table({
    topic: 'orders',
    store,
    keeper: new NewestValues(store),
    until: undefined,
    since: undefined,
    keys: undefined,
    ...wanted,
  });
}

/** What brute force says that each key is, tombstones included. */
function newest(all: readonly Event[], until = Number.POSITIVE_INFINITY): Map<string, Event> {
  const ofPartitions = new Map<string, Event>();
  for (const event of all) {
    if (event.key !== null && event.timestamp <= until) ofPartitions.set(`${event.partition} ${event.key}`, event);
  }
  const found = new Map<string, Event>();
  for (const event of ofPartitions.values()) {
    const other = found.get(event.key!);
    const isNewer =
      !other || event.timestamp > other.timestamp || (event.timestamp === other.timestamp && event.partition > other.partition);
    if (isNewer) found.set(event.key!, event);
  }
  return found;
}

const inOrder = (keys: Iterable<string>) => [...keys].sort((a, b) => Buffer.from(a).compare(Buffer.from(b)));
const shown = ({ headers, ...event }: Event): Row => ({
  ...event,
  headers: headers.map(([name, value]) => `${name}=${value}`),
});

describe('a table', () => {
  it('has the newest record of each key, as of any time', () => {
    fc.assert(
      fc.property(events, fc.option(fc.nat(12), { nil: undefined }), (all, until) => {
        const table = tableOf({ until });
        table.add(recordsOf(all));
        const expected = newest(all, until);
        const rows = inOrder(expected.keys())
          .map((key) => expected.get(key)!)
          .filter(({ value }) => value !== null);
        assert.deepEqual(rowsOf(table.rows(new RowBatch('orders'))), rows.map(shown));
        assert.equal(table.keyless, all.filter(({ key, timestamp }) => key === null && timestamp <= (until ?? 99)).length);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('compared with an earlier time has what is different, with both values', () => {
    fc.assert(
      fc.property(events, fc.nat(12), (all, since) => {
        const table = tableOf({ since });
        table.add(recordsOf(all));
        const [before, now] = [newest(all, since), newest(all)];
        const rows = inOrder(now.keys()).flatMap((key) => {
          const [was, is] = [before.get(key)?.value ?? null, now.get(key)!];
          return was === is.value ? [] : [{ ...shown(is), ...(was !== null && { before: was }) }];
        });
        assert.deepEqual(rowsOf(table.rows(new RowBatch('orders'))), rows);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('that is followed gives the changes that turn the first table into the last', () => {
    fc.assert(
      fc.property(events, fc.nat(60), (all, cut) => {
        const table = tableOf();
        table.add(recordsOf(all.slice(0, cut)));
        const seen = new Map(rowsOf(table.rows(new RowBatch('orders'))).map((row) => [row.key!, row]));
        for (const event of all.slice(cut)) {
          const changed = new RowBatch('orders');
          table.change(recordsOf([event]), changed);
          for (const row of rowsOf([changed])) {
            assert.notDeepEqual(row, seen.get(row.key!), 'a change that is none');
            if (row.value === null) assert.ok(seen.delete(row.key!), 'a key was gone already');
            else seen.set(row.key!, row);
          }
        }
        const expected = [...newest(all).values()].filter(({ value }) => value !== null);
        assert.deepEqual(new Set(seen.values()), new Set(expected.map(shown)));
      }),
      { seed, numRuns: 300 },
    );
  });

  it('of chosen keys has these alone, and knows when another partitioner was at work', () => {
    const key = { text: '17', bytes: Buffer.from('17') };
    const choice = new KeyChoice([key, { ...key }], 3);
    const [place] = choice.partitions;
    const table = tableOf({ keys: choice });
    const event = { offset: 0, timestamp: 1, value: 'x', headers: [] } as const;
    assert.deepEqual(choice.missing, [key]);
    table.add(
      recordsOf([
        { ...event, partition: place!, key: '17' },
        { ...event, offset: 1, partition: place!, key: null },
      ]),
    );
    assert.deepEqual([choice.missing, choice.stranger], [[], undefined]);
    table.add(recordsOf([{ ...event, offset: 2, partition: (place! + 1) % 3, key: '17' }]));
    assert.deepEqual(choice.stranger, { partition: (place! + 1) % 3, offset: 2 });
    assert.deepEqual(
      rowsOf(table.rows(new RowBatch('orders'))).map(({ key }) => key),
      ['17'],
    );
    assert.equal(table.spread, 1);
  });
});

describe('a folded table', () => {
  async function folded(fold: string, init: string | undefined, all: readonly Event[]) {
    const store = new SpillingStore({ what: 'the test' });
    const fields = new StreamFields({ keyFormat: undefined, valueFormat: undefined });
    await fields.prepare({ topic: 'orders' });
    const keeper = new FoldedStates(
      store,
      {
        next: await compileFold('--fold', fold),
        init: init === undefined ? undefined : await compileExpression('--init', init),
      },
      fields,
    );
    const table = tableOf({ store, keeper });
    table.add(recordsOf(all));
    const rows = rowsOf(table.rows(new RowBatch('orders'))).map(({ key, value, offset }) => [key, JSON.parse(value!), offset]);
    return { rows, failures: keeper.failures };
  }
  const event = { partition: 0, timestamp: 1, headers: [] } as const;
  const history: readonly Event[] = ['1', '2', null, '30', 'text'].map((value, offset) => ({
    ...event,
    offset,
    key: 'a',
    value,
  }));

  it('has the state that all records of a key make, in their order', async () => {
    assert.deepEqual((await folded('(state, value) => [...state, value]', '[key]', history)).rows, [
      ['a', ['a', 1, 2, null, 30, 'text'], 4],
    ]);
    assert.deepEqual((await folded('(n, v) => n + v * 9007199254740993n', '0', history.slice(0, 2))).rows.length, 1);
  });

  it('loses a key with null, and begins anew', async () => {
    const { rows } = await folded(
      '(state, value) => value === null ? null : (state ?? 100) + 1',
      undefined,
      history.slice(0, 4),
    );
    assert.deepEqual(rows, [['a', 101, 3]]);
    assert.deepEqual((await folded('(state, value) => value', undefined, history.slice(0, 3))).rows, []);
  });

  it('is not changed by a record on which the function fails, nor by NaN', async () => {
    const { rows, failures } = await folded('(state, value) => state + value.toFixed(0).length', '0', history);
    assert.deepEqual(rows, [['a', 4, 3]]);
    assert.equal(failures.count, 2);
    const nan = await folded('(state, value) => ({ share: value / 0, n: null })', undefined, history.slice(0, 1));
    assert.deepEqual([nan.rows, nan.failures.count], [[], 1]);
  });

  it('takes a function of state and value alone', async () => {
    await assert.rejects(compileFold('--fold', 'value.amount'), {
      kind: 'usage',
      message: /it has to be a function of state and value/,
    });
    await assert.rejects(compileFold('--fold', '(a, b, c) => 1'), { kind: 'usage', message: /there are only state and value/ });
    await assert.rejects(compileFold('--fold', '(state, value) => { return 1 }'), { kind: 'usage' });
    await assert.rejects(compileFold('--fold', '(state, value) => stat'), { kind: 'usage', hint: 'did you mean state?' });
  });
});
