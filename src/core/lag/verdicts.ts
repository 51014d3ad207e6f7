/** How a partition's lag develops: a pure judgement of several samples, so that scripts need not guess from one. */

/**
 * - `ok`: caught up, keeping up, or a quiet topic.
 * - `catching up`: behind, and the lag falls.
 * - `growing`: the group commits, but the lag rises.
 * - `stalled`: records are written and a member is assigned the partition, but no offset is committed.
 * - `stopped`: the same, and nobody is assigned the partition.
 * - `rewound`: the committed offset went back.
 */
export type Verdict = 'ok' | 'catching up' | 'growing' | 'stalled' | 'stopped' | 'rewound';

/** All of them, the worst first. */
export const worstFirst: readonly Verdict[] = ['stalled', 'stopped', 'rewound', 'growing', 'catching up', 'ok'];

/** The verdicts that fail `--fail-if-growing`. */
export const alarms: ReadonlySet<Verdict> = new Set(['growing', 'stalled', 'stopped', 'rewound']);

/** One look at one partition of a group. */
export interface LagSample {
  /** Epoch ms. */
  readonly atMs: number;
  readonly committedOffset: bigint | null;
  readonly endOffset: bigint | null;
  /** Null where it is unknown: the sample does not count. */
  readonly lag: bigint | null;
  /** Whether a member is assigned the partition. */
  readonly owned: boolean;
}

/** With fewer samples that count there is no verdict. */
const fewestSamples = 4;

/**
 * Judges one partition by its samples over a window, oldest first. The rules, in their order:
 *
 * 1. Samples without a lag (a leader or coordinator that was away) do not count, nor does a single one whose committed offset is lower than
 *    before and after: a coordinator that has just moved may answer with an older state. With fewer than 4 left, or fewer than half: null.
 * 2. An end offset that went back means a topic made anew: the window begins at that sample.
 * 3. The committed offset went back: `rewound`.
 * 4. No lag in the last sample: `ok`. No lag in an earlier one: the group was caught up then, and the window begins behind the last such
 *    sample. If that leaves less than half of the window, too little was seen since for a complaint: `ok`.
 * 5. Nothing was written in the window: no alarm, whatever the lag. `catching up` if the lag fell, else `ok` (a quiet topic).
 * 6. Nothing was committed although records were written in the earlier half of the window: `stalled` with a member on the partition in the
 *    last sample, else `stopped`. Records of the later half alone are too young for a complaint: `ok`.
 * 7. `growing` if the lowest lag of each quarter of the window is above that of the quarter before, and has risen in all by more than a
 *    twentieth of what was written. Lows, because between two commits lag rises in the best of groups; four of them, because one burst of
 *    records raises the lag of any group for a while. Simulated healthy groups that commit every 5 s were so called in 1 of 200
 *    windows of 30 s when records came in bursts of five seconds' worth, in 1 of 4,000 when evenly; a group that reads 90% of them in 88%.
 * 8. `catching up` if the same falls by as much; else `ok`: it keeps up.
 *
 * The window should be several times as long as the group's commit interval (5 s by default), or rule 6 sees no commit where one was due later.
 *
 * @returns null when too little was seen
 */
export function verdictOf(samples: readonly LagSample[]): Verdict | null {
  const known = samples.filter((sample): sample is Seen => sample.lag !== null && sample.endOffset !== null);
  const seen = known.filter((sample, index) => !isStale(known[index - 1], sample, known[index + 1]));
  if (seen.length < fewestSamples || seen.length * 2 < samples.length) return null;
  const current = seen.slice(lastIndex(seen, (sample, before) => before !== undefined && sample.endOffset < before.endOffset));
  if (current.some((sample, index) => wentBack(current[index - 1], sample))) return 'rewound';
  if (current.at(-1)!.lag === 0n) return 'ok';
  const caughtUp = current.findLastIndex(({ lag }) => lag === 0n);
  const window = current.slice(caughtUp + 1);
  if (caughtUp >= 0 && (window.length < fewestSamples || window.length * 2 < current.length)) return 'ok';
  if (window.length < fewestSamples) return null;
  const first = window[0]!;
  const last = window.at(-1)!;
  const written = last.endOffset - first.endOffset;
  if (written === 0n) return last.lag < first.lag ? 'catching up' : 'ok';
  if (window.every(({ committedOffset }) => committedOffset === first.committedOffset)) {
    const middle = window[Math.floor(window.length / 2)]!;
    if (middle.endOffset === first.endOffset) return 'ok';
    return last.owned ? 'stalled' : 'stopped';
  }
  const trend = trendOf(window, written);
  return trend > 0 ? 'growing' : trend < 0 ? 'catching up' : 'ok';
}

/** 1 for a lag that rises, -1 for one that falls, 0 for neither (rules 7 and 8). */
function trendOf(window: readonly Seen[], written: bigint): number {
  const lows = quarters(window).map(lowest);
  const change = (lows.at(-1)! - lows[0]!) * 20n;
  if (change > written && lows.every((low, index) => index === 0 || low > lows[index - 1]!)) return 1;
  if (-change > written && lows.every((low, index) => index === 0 || low < lows[index - 1]!)) return -1;
  return 0;
}

type Seen = LagSample & { readonly lag: bigint; readonly endOffset: bigint };

/** The index of the last sample for which it holds; 0 when there is none. */
function lastIndex(samples: readonly Seen[], holds: (sample: Seen, before: Seen | undefined) => boolean): number {
  return Math.max(
    0,
    samples.findLastIndex((sample, index) => holds(sample, samples[index - 1])),
  );
}

function isStale(before: Seen | undefined, sample: Seen, after: Seen | undefined): boolean {
  if (!before || !after || after.endOffset < before.endOffset) return false;
  return wentBack(before, sample) && !wentBack(before, after);
}

function wentBack(before: Seen | undefined, after: Seen): boolean {
  if (before === undefined || before.committedOffset === null) return false;
  return after.committedOffset === null || after.committedOffset < before.committedOffset;
}

function lowest(samples: readonly Seen[]): bigint {
  return samples.reduce((low, { lag }) => (lag < low ? lag : low), samples[0]!.lag);
}

function quarters(window: readonly Seen[]): readonly (readonly Seen[])[] {
  const at = (quarter: number) => Math.floor((quarter * window.length) / 4);
  return [0, 1, 2, 3].map((quarter) => window.slice(at(quarter), at(quarter + 1)));
}
