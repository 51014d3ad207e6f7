/** How far this machine's clock is from the cluster's, as far as the protocol tells. */
import { formatDuration } from '../../base/units.ts';
import { controllerClock } from '../cluster/quorum.ts';
import { begin, type Examination, type Finding, failure, type Told } from './finding.ts';
import type { Connected } from './patient.ts';

/** From here on positions such as `-1h`, the age of records and their retention are noticeably wrong. */
const noticeableMs = 5_000;
/** Brokers refuse records from so far in the future (default of message.timestamp.after.max.ms). */
const refusedMs = 3_600_000;

/** A reading of another clock, in epoch ms. */
export interface ClockReading {
  /** Whose clock it is. */
  readonly whose: string;
  readonly theirs: number;
  /** This machine's clock before and after they were asked. */
  readonly before: number;
  readonly after: number;
}

/**
 * No request asks for the time, but the leader of the quorum gives its own (KIP-836).
 * @param hasQuorum whether it can be asked
 */
export async function* examineClock({ cluster }: Connected, hasQuorum: boolean): Examination<void> {
  const found = begin('clock');
  const target = 'this machine';
  if (!hasQuorum) return yield unknownClock(found, target);
  try {
    const before = Date.now();
    const theirs = await controllerClock(cluster);
    if (theirs === undefined) return yield unknownClock(found, target);
    yield found({ target, ...compared({ whose: 'the active controller', theirs, before, after: Date.now() }) });
  } catch (error) {
    yield found(failure(target, error));
  }
}

function unknownClock(found: (told: Told) => Finding, target: string): Finding {
  return found({
    target,
    verdict: 'skipped',
    found: 'not known: only the quorum of controllers (Kafka 3.3) tells its time, and it does not here',
    cure: 'with --write on a topic that has message.timestamp.type=LogAppendTime, its leader tells the time',
  });
}

/** What a reading says, no more exact than the answer was fast. */
export function compared({ whose, theirs, before, after }: ClockReading): Omit<Told, 'target'> {
  const uncertain = (after - before) / 2;
  const ahead = Math.round((before + after) / 2 - theirs);
  const size = Math.abs(ahead);
  // Two clocks that are read to the ms differ by one without a reason.
  if (size <= uncertain + 1) {
    return { verdict: 'ok', found: `its clock agrees with that of ${whose} (to ${Math.ceil(uncertain) + 1} ms)` };
  }
  const found = `its clock is ${formatDuration(size)} ${ahead > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
  if (size - uncertain <= noticeableMs) return { verdict: 'ok', found };
  return {
    verdict: size > refusedMs ? 'fail' : 'warn',
    found,
    why: 'positions in time, ages of records, retention and the dates of certificates go by these clocks',
    cure: 'set both clocks by NTP (timedatectl shows whether this one is)',
  };
}
