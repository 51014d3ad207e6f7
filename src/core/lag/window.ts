/** Lag over a time: sampled until there is enough to judge, or until the checks hold. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { LagHistory } from './history.ts';
import type { LagOptions } from './options.ts';
import { checked, type LagReport, measureLag, reportLag } from './report.ts';

export interface Window {
  /** How long lag is looked at, or waited for, at most. */
  readonly forMs: number;
  /** From one sample to the next. */
  readonly intervalMs: number;
  /** Told after each look how long it may still take, and what does not hold. */
  readonly onLook?: (leftMs: number, problems: readonly KtError[]) => void;
}

/**
 * A coordinator that has just moved may not know yet of a group (its log's high watermark comes a moment later), so an unknown group is
 * believed only after this time.
 */
const doubtMs = 3_000;

/**
 * Looks at lag for a time and judges what it did (`verdictOf`), besides the other checks on how it is in the end.
 * A look that failed for want of a connection or of a group that was there before is a gap in the samples; too many gaps, and there is no
 * verdict, which is a problem. What is missing from the beginning is reported without waiting for the end.
 * @throws KtError `connection` when not one look succeeded
 */
export async function judgeLag(
  cluster: Cluster,
  texts: readonly string[],
  options: LagOptions,
  { forMs, intervalMs, onLook }: Window,
): Promise<LagReport> {
  const history = new LagHistory();
  const start = performance.now();
  let last: LagReport | undefined;
  let failed: LagReport | KtError | undefined;
  for (let looks = 0; ; looks++) {
    const report = await unlessAway(measureLag(cluster, texts, options));
    if (report instanceof KtError || isMissing(report)) failed = report;
    else last = report;
    history.add(Date.now(), last === report ? last.groups : []);
    const next = start + (looks + 1) * intervalMs;
    if (next > start + forMs) break;
    onLook?.(start + forMs - performance.now(), report instanceof KtError ? [report] : report.problems);
    if (!last && !(failed instanceof KtError) && performance.now() - start >= doubtMs) break;
    await pause(Math.max(0, next - performance.now()), cluster.signal);
  }
  if (!last && failed instanceof KtError) throw failed;
  if (!last) return failed as LagReport;
  return checked({ ...last, groups: history.judged(last.groups) }, texts, options);
}

/**
 * Polls until every check holds and nothing is missing, or the time is over: the last report then tells what does not hold.
 * Lost connections and moving leaders are waited for; what waiting does not cure (an unknown group or topic, a missing permission) is
 * reported when it was so for three seconds.
 * @throws KtError `connection` when the cluster did not answer in the end
 */
export async function waitForLag(
  cluster: Cluster,
  texts: readonly string[],
  options: LagOptions,
  { forMs, intervalMs, onLook }: Window,
): Promise<LagReport> {
  const deadline = performance.now() + forMs;
  let missingSince: number | undefined;
  for (;;) {
    const started = performance.now();
    // At least a second: a last look at the deadline must be able to see something.
    const timeoutMs = Math.min(options.timeoutMs ?? cluster.timeoutMs, Math.max(1_000, deadline - started));
    const report = await unlessAway(reportLag(cluster, texts, { ...options, timeoutMs }));
    if (!(report instanceof KtError) && report.problems.length === 0) return report;
    missingSince = !(report instanceof KtError) && isMissing(report) ? (missingSince ?? started) : undefined;
    const left = deadline - performance.now();
    const isSure = missingSince !== undefined && performance.now() - missingSince >= doubtMs;
    if (left <= 0 || isSure) {
      if (report instanceof KtError) throw report;
      return report;
    }
    onLook?.(left, report instanceof KtError ? [report] : report.problems);
    await pause(Math.min(intervalMs, left), cluster.signal);
  }
}

/** The report, or the lack of a connection. */
async function unlessAway(report: Promise<LagReport>): Promise<LagReport | KtError> {
  try {
    return await report;
  } catch (error) {
    if (error instanceof KtError && error.kind === 'connection') return error;
    throw error;
  }
}

/** Whether something is missing that no waiting cures, if it is really so. */
function isMissing({ problems }: LagReport): boolean {
  return problems.some(
    ({ kind, code = '' }) =>
      kind === 'refused' && /^(GROUP_ID_NOT_FOUND|UNKNOWN_TOPIC_OR_PARTITION|.*_AUTHORIZATION_FAILED)$/.test(code),
  );
}
