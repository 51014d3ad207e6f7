/** Random work on a store, beside a plain Map that says what has to come of it; also run as a process, in a runtime that has a database. */
import assert from 'node:assert/strict';
import { ByteSink } from '../../src/base/bytes/byte-sink.ts';
import { allOf, type Bytes } from '../../src/records/store/bytes.ts';
import { SpillingStore } from '../../src/records/store/spilling-store.ts';
import { randomOf } from '../fuzz/random.ts';

/** Text whose characters are bytes. */
function bytes(text: string): Bytes {
  return allOf(Buffer.from(text, 'latin1'));
}

function* entriesOf(store: SpillingStore, prefix: string): Generator<readonly [key: string, value: string]> {
  for (const entry of store.entries(bytes(prefix))) {
    yield [
      entry.bytes.toString('latin1', entry.keyStart, entry.keyEnd),
      entry.bytes.toString('latin1', entry.valueStart, entry.valueEnd),
    ];
  }
}

/** @returns whether entries went to disk @throws AssertionError where the store and the Map differ */
export function randomWork(seed: number, steps: number, memoryBytes: number): boolean {
  const random = randomOf(seed);
  const next = (below: number): number => Math.floor(random() * below);
  const store = new SpillingStore({ what: 'the test', memoryBytes });
  const expected = new Map<string, string>();
  const keys = 1 + next(2000);
  const longest = next(3) === 0 ? 5000 : 60;
  const found = new ByteSink(16);
  const check = (prefix: string): void => {
    const wanted = [...expected].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual([...entriesOf(store, prefix)], wanted, `seed ${seed}: entries of ${JSON.stringify(prefix)}`);
  };
  for (let step = 0; step < steps; step++) {
    const number = next(keys);
    const first = String.fromCharCode(number % 7 === 0 ? 0 : number % 256);
    const key = `${first}${number % 2 ? 'the same for many ' : ''}${number.toString(36)}${number % 5 === 0 ? '\xff\0' : ''}`;
    const choice = next(10);
    if (choice < 6) {
      const value = String(step).repeat(1 + next(longest) / 4);
      store.set(bytes(key), bytes(value));
      expected.set(key, value);
    } else if (choice < 7) {
      store.delete(bytes(key));
      expected.delete(key);
    } else {
      const value = store.get(bytes(key), found) ? found.buf.toString('latin1', 0, found.length) : undefined;
      assert.equal(value, expected.get(key), `seed ${seed}, step ${step}`);
    }
    if (next(steps) < 2) {
      const last = ['\0', ' ', 'At', ''][next(4)]!;
      store.deleteThrough(bytes(last));
      for (const key of expected.keys()) if (key.slice(0, last.length) <= last) expected.delete(key);
    }
    if (next(steps) < 3) check(['', '\0', '\xff', 'A'][next(4)]!);
  }
  check('');
  const { isOnDisk } = store;
  store.close();
  return isOnDisk;
}

/** As a process: `bun random-store.ts run`. */
if (process.argv[2] === 'run') {
  let onDisk = 0;
  for (let seed = 1; seed <= 30; seed++) if (randomWork(seed, 4000, 1 << 20)) onDisk++;
  console.log(`on disk: ${onDisk}`);
}
