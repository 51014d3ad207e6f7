/** Processes of one `kt pipe`, of which some are killed, and what topics hold in the end. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type KtOn, linesOf, type Started } from './kt-on.ts';
import { until } from './until.ts';

/** Several processes with the same command line; a killed one is replaced at once. */
export class Pipes {
  readonly #kt: KtOn;
  readonly #during: Pick<TestContext, 'after'>;
  readonly #args: readonly string[];
  readonly #running: Started[];
  killed = 0;

  constructor(kt: KtOn, during: Pick<TestContext, 'after'>, processes: number, args: readonly string[]) {
    this.#kt = kt;
    this.#during = during;
    this.#args = args;
    this.#running = Array.from({ length: processes }, () => kt.start(during, args));
  }

  /** Kills the one that has run longest, and starts another. @throws when one has ended by itself */
  async kill(): Promise<void> {
    await this.#check();
    const { child, ended } = this.#running.shift()!;
    child.kill('SIGKILL');
    await ended;
    this.killed++;
    this.#running.push(this.#kt.start(this.#during, this.#args));
  }

  /** Interrupts all of them; each has to end cleanly. */
  async stop(): Promise<void> {
    await this.#check();
    for (const { child } of this.#running) child.kill('SIGINT');
    for (const { ended } of this.#running) {
      const { code, stderr } = await ended;
      assert.equal(code, 130, stderr);
    }
  }

  async #check(): Promise<void> {
    for (const { child, ended } of this.#running) {
      if (child.exitCode !== null) assert.fail(`a pipe ended with ${child.exitCode}\n${(await ended).stderr}`);
    }
  }
}

/** Resolves when a group has committed all of a topic. */
export async function caughtUp(kt: KtOn, group: string, topic: string, patienceMs: number): Promise<void> {
  let last = '';
  const isThrough = async () => {
    const { code, stdout } = await kt.run(['lag', group, '--topic', topic, '-o', 'json']);
    last = stdout;
    return code === 0 && (JSON.parse(stdout) as readonly { readonly lag: number | null }[]).every(({ lag }) => lag === 0);
  };
  await until(isThrough, () => `group ${group} to be through ${topic}: ${last}`, patienceMs);
}

/**
 * What readers of committed records see of a topic: the records of each partition in their order, without their offsets.
 * @param least how many there have to be: what a killed process left open hides what comes behind it until brokers abort it
 */
export async function contentsOf(kt: KtOn, topic: string, least = 0): Promise<ReadonlyMap<number, readonly string[]>> {
  let lines: readonly string[] = [];
  await until(
    async () => {
      lines = linesOf(await kt.done(['tail', topic, '--from-beginning', '-e', '-o', 'json']));
      return lines.length >= least;
    },
    () => `${least} records of ${topic}, of which ${lines.length} are there`,
  );
  const contents = new Map<number, string[]>();
  for (const line of lines) {
    const {
      topic: _topic,
      offset: _offset,
      partition,
      ...record
    } = JSON.parse(line) as { partition: number; topic: string; offset: number };
    const list = contents.get(partition);
    if (list) list.push(JSON.stringify(record));
    else contents.set(partition, [JSON.stringify(record)]);
  }
  return contents;
}

/** Fails with the first difference, not with a hundred thousand records. */
export function assertSameContents(
  found: ReadonlyMap<number, readonly string[]>,
  expected: ReadonlyMap<number, readonly string[]>,
  what: string,
): void {
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort(), `${what}: partitions`);
  for (const [partition, records] of expected) {
    const mine = found.get(partition)!;
    const at = records.findIndex((record, index) => record !== mine[index]);
    if (at >= 0)
      assert.fail(
        `${what}: partition ${partition}, record ${at}: ${mine[at]} instead of ${records[at]} (${mine.length} records of ${records.length})`,
      );
    assert.equal(mine.length, records.length, `${what}: records of partition ${partition}`);
  }
}
