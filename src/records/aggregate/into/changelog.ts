/** The topic that keeps an aggregation's state: its open windows by start and key, and where it stands. Compaction keeps the last of each. */
import { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { KtError } from '../../../base/errors.ts';
import { type ExactJson, exactJsonText, parseExactJson } from '../../../base/json/exact-json.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { fetchRecords } from '../../../kafka/fetch/fetcher.ts';
import { rangesOf } from '../../source/ranges.ts';
import { allOf } from '../../store/bytes.ts';
import { SpillingStore } from '../../store/spilling-store.ts';
import type { Measure } from '../spec.ts';
import { WindowState } from '../window-state.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { RecordWriter } from './record-writer.ts';

/** Where an aggregation stood when it last committed. */
export interface Standing {
  readonly fingerprint: Fingerprint;
  /** By partition name, the next offset to read. */
  readonly positions: ReadonlyMap<string, bigint>;
  /** By partition name, the highest time seen. */
  readonly times: ReadonlyMap<string, number>;
  /** Windows that end at this time or earlier have closed. */
  readonly closedThrough: number;
  readonly highestTime: number;
  /** How many records were late. */
  readonly late: number;
}

/** The key of the record that says where it stands; those of windows are lists. */
const standingKey = Buffer.from('"standing"');

export interface KeptState {
  /** Undefined where there is no state. */
  readonly standing: Standing | undefined;
  /** The open windows, to be taken once. */
  windows(): Iterable<WindowState>;
}

/**
 * Reads the state that was committed. Nobody may be writing it any more.
 * @throws KtError `refused`, `connection`
 */
export async function readChangelog(
  cluster: Cluster,
  topic: string,
  measures: readonly Measure[],
  events: { readonly signal: AbortSignal; readonly warn: (text: string) => void },
): Promise<KeptState> {
  const isolation = 'read_committed';
  const whole = { from: { at: 'beginning' }, to: undefined, exitAtEnd: true, isolation } as const;
  const { ranges, leaderless } = await rangesOf(cluster, whole, [{ topic, partition: 0 }], undefined);
  if (leaderless[0]) throw leaderless[0].cause;
  const newest = new SpillingStore({ what: `the state in ${topic}` });
  for await (const batch of fetchRecords(cluster, ranges, { isolation, ...events })) {
    batch.each(({ bytes, keyStart, keyEnd, valueStart, valueEnd }) => {
      const key = allOf(bytes.subarray(keyStart, keyEnd));
      if (valueStart < 0) newest.delete(key);
      else newest.set(key, allOf(bytes.subarray(valueStart, valueEnd)));
    });
  }
  const found = new ByteSink(1 << 10);
  const hasStanding = newest.get(allOf(standingKey), found);
  newest.delete(allOf(standingKey));
  return {
    standing: hasStanding ? standingOf(topic, found.buf.toString('utf8', 0, found.length)) : undefined,
    *windows() {
      for (const { bytes, valueStart, valueEnd } of newest.entries()) {
        yield WindowState.fromText(bytes.toString('utf8', valueStart, valueEnd), measures);
      }
      newest.close();
    },
  };
}

export function writeStanding(writer: RecordWriter, topic: string, standing: Standing): void {
  const { fingerprint, positions, times, closedThrough, highestTime, late } = standing;
  const text = exactJsonText({
    version: 1,
    request: { ...fingerprint },
    positions: Object.fromEntries([...positions].map(([name, position]) => [name, String(position)])),
    times: Object.fromEntries([...times].map(([name, time]) => [name, finiteOrNull(time)])),
    closedThrough: finiteOrNull(closedThrough),
    highestTime: finiteOrNull(highestTime),
    late,
  });
  writer.put(topic, standingKey, Buffer.from(text), Date.now());
}

export function writeWindow(writer: RecordWriter, topic: string, state: WindowState): void {
  writer.put(topic, keyOf(state), Buffer.from(state.toText()), Date.now());
}

/** A window has closed, or a session begins elsewhere. */
export function writeTombstone(writer: RecordWriter, topic: string, window: Pick<WindowState, 'start' | 'key'>): void {
  writer.put(topic, keyOf(window), null, Date.now());
}

function keyOf({ start, key }: Pick<WindowState, 'start' | 'key'>): Buffer {
  return Buffer.from(exactJsonText([finiteOrNull(start), key]));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** @throws KtError `refused` for what this kt cannot read */
function standingOf(topic: string, text: string): Standing {
  const { version, request, positions, times, closedThrough, highestTime, late } = parseExactJson(text) as Record<
    string,
    ExactJson
  >;
  if (version !== 1) {
    throw new KtError('refused', `topic ${topic} (its state was written by a newer kt)`, {
      hint: 'install that version of kt',
    });
  }
  const orBefore = (time: unknown): number => (time as number | null) ?? Number.NEGATIVE_INFINITY;
  return {
    fingerprint: request as Record<string, string>,
    positions: new Map(Object.entries(positions as Record<string, string>).map(([name, each]) => [name, BigInt(each)])),
    times: new Map(Object.entries(times as Record<string, number | null>).map(([name, time]) => [name, orBefore(time)])),
    closedThrough: orBefore(closedThrough),
    highestTime: orBefore(highestTime),
    late: late as number,
  };
}
