/** Room for records: the log directories of every broker (DescribeLogDirs; sizes since KIP-827). */
import { KtError } from '../../base/errors.ts';
import { counted, formatSize } from '../../base/units.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { type LogDirectory, logDirectories } from '../cluster/log-dirs.ts';
import { begin, brokersText, type Examination, failure, inWords, type Told } from './finding.ts';

/** Less than this is free: soon full, as `kt cluster health` counts too; and nearly full. Percent of the file system. */
const scarcePercent = 10;
const nearlyFullPercent = 3;

const cure = 'free space, shorten retention or move partitions; kt cluster log-dirs shows what uses it';

/**
 * @param brokers those that can be asked
 * @param unreached how many others there are
 */
export async function* examineDisk(cluster: Cluster, brokers: readonly number[], unreached = 0): Examination<void> {
  const found = begin('disk');
  const answers = await logDirectories(cluster, brokers, []);
  const refusals = [...answers].flatMap(([broker, error]) => (error instanceof KtError ? [{ broker, error }] : []));
  const denied = refusals.filter(({ error }) => error.code === 'CLUSTER_AUTHORIZATION_FAILED');
  if (denied.length > 0) {
    const told = failure(brokersText(denied.map(({ broker }) => broker)), denied[0]!.error);
    yield found({ ...told, verdict: 'skipped', found: 'this user may not see it' });
  }
  for (const refusal of refusals) {
    if (!denied.includes(refusal)) yield found(failure(`broker ${refusal.broker}`, refusal.error));
  }
  const directories = [...answers.values()].flatMap((answer) => (answer instanceof KtError ? [] : answer));
  const ill = directories.flatMap((directory) => illness(directory) ?? []);
  for (const told of ill) yield found(told);
  if (directories.length === 0 || ill.length > 0) return;
  const answered = new Set(directories.map(({ broker }) => broker));
  const areAll = unreached === 0 && refusals.length === 0;
  yield found(well(directories, areAll ? 'all brokers' : brokersText([...answered])));
}

function illness({ broker, logDir, error, totalBytes, usableBytes }: LogDirectory): Told | undefined {
  const target = `broker ${broker}`;
  if (error) {
    return {
      target,
      verdict: 'fail',
      found: `${logDir} is offline`,
      why: inWords(error).why,
      cure: 'its log says why: replace the disk, or fix what it names',
    };
  }
  const percent = freePercent(totalBytes, usableBytes);
  if (percent === null || percent >= scarcePercent) return undefined;
  return {
    target,
    verdict: percent < nearlyFullPercent ? 'fail' : 'warn',
    found: `only ${percent.toFixed(1)}% of ${logDir} is free (${size(usableBytes)} of ${size(totalBytes)})`,
    why: 'a broker whose disk is full takes the directory offline, and ends when it was the last one',
    cure,
  };
}

function well(directories: readonly LogDirectory[], target: string): Told {
  const dirs = counted(directories.length, 'log directory', 'log directories');
  const sized = directories
    .map(({ totalBytes, usableBytes }) => ({ usableBytes, percent: freePercent(totalBytes, usableBytes) }))
    .filter(({ percent }) => percent !== null)
    .sort((a, b) => a.percent! - b.percent!);
  const least = sized[0];
  if (!least) {
    return { target, verdict: 'ok', found: `${dirs} online; how much is free they tell only since Kafka 3.3` };
  }
  const whole = `${Math.floor(least.percent!)}% free (${size(least.usableBytes)})`;
  return { target, verdict: 'ok', found: `${dirs} online, ${directories.length === 1 ? whole : `the fullest with ${whole}`}` };
}

/** Null where it is not told. */
function freePercent(total: bigint | null, usable: bigint | null): number | null {
  return total === null || usable === null || total === 0n ? null : (Number(usable) / Number(total)) * 100;
}

function size(bytes: bigint | null): string {
  return formatSize(Number(bytes ?? 0n));
}
