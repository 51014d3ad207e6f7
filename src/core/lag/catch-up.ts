/** When a lag will be gone, from what is written and what is committed meanwhile. */

/** What goes into partitions of a group, and what it reads of it. */
interface Flow {
  /** Null where unknown. */
  readonly lag: bigint | null;
  /** Records per second written by producers; null where unknown. */
  readonly inPerSecond: number | null;
  /** Records per second committed by the group; null where unknown, or where it has committed nothing. */
  readonly outPerSecond: number | null;
}

/** Consumers commit every 5 s by default (`auto.commit.interval.ms`): what is written meanwhile is no backlog. */
const commitSeconds = 5;
/** Commits come in steps, so rates that differ by less are the same. */
const sameRate = 0.95;

/** Seconds until the lag is gone at these rates; 0 without lag, null when it does not fall or is unknown. */
export function catchUpSeconds({ lag, inPerSecond, outPerSecond }: Flow): number | null {
  if (lag === 0n) return 0;
  if (lag === null || inPerSecond === null || outPerSecond === null) return null;
  const gain = outPerSecond - inPerSecond;
  return gain > 0 ? Math.round(Number(lag) / gain) : null;
}

/** Whether as much is committed as is written, and the lag is only what was written since the last commit. */
export function keepsUp({ lag, inPerSecond, outPerSecond }: Flow): boolean {
  if (lag === null || inPerSecond === null || outPerSecond === null) return false;
  return outPerSecond >= inPerSecond * sameRate && Number(lag) <= inPerSecond * commitSeconds;
}

/**
 * Whether the lag of some of these partitions does not fall, so that what they come to together is not gone when their sums say. A
 * consumer that reads one partition after the other leaves the others waiting for a while; one that is stuck leaves them for ever.
 */
export function someStandStill(partitions: readonly Flow[]): boolean {
  return partitions.some((each) => each.lag !== null && catchUpSeconds(each) === null && !keepsUp(each));
}
