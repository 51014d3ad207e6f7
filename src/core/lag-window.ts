/** Lag over a time: sampled until there is enough to judge, or until the checks hold. */
import { KtError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { pause } from '../pause.ts';
import { LagHistory } from './lag-history.ts';
import { checked, type LagOptions, type LagReport, measureLag, reportLag } from './lag-report.ts';

export interface Window {
  /** How long lag is looked at, or waited for, at most. */
  readonly forMs: number;
  /** From one sample to the next. */
  readonly intervalMs: number;
}

/**
 * Looks at lag for a time and judges what it did (`verdictOf`), besides the other checks on how it is in the end.
 * A look that failed for want of a connection is a gap in the samples; too many gaps, and there is no verdict, which is a problem.
 * @throws KtError `connection` when not one look succeeded
 */
export async function judgeLag(
  cluster: Cluster,
  texts: readonly string[],
  options: LagOptions,
  { forMs, intervalMs }: Window,
): Promise<LagReport> {
  const history = new LagHistory();
  const start = performance.now();
  let last: LagReport | undefined;
  let failure: unknown;
  for (let looks = 0; ; looks++) {
    const report = await unlessAway(measureLag(cluster, texts, options));
    if (report instanceof KtError) failure = report;
    else last = report;
    history.add(Date.now(), report instanceof KtError ? [] : report.groups.map(({ lag }) => lag));
    // Nothing to look at: no use in waiting.
    if (last?.groups.length === 0 && last.problems.length > 0 && last.problems.every(isFinal)) return last;
    const next = start + (looks + 1) * intervalMs;
    if (next > start + forMs) break;
    await pause(Math.max(0, next - performance.now()), cluster.signal);
  }
  if (!last) throw failure;
  const judged = history.judged(last.groups.map(({ lag }) => lag));
  const groups = last.groups.map((group, index) => ({ ...group, lag: judged[index]! }));
  return checked({ ...last, groups }, texts, options);
}

/**
 * Polls until every check holds and nothing is missing, or the time is over: the last report then tells what does not hold.
 * Lost connections and moving leaders are waited for; what waiting does not cure (an unknown group or topic, a missing permission) is
 * reported at once.
 * @throws KtError `connection` when the cluster did not answer in the end
 */
export async function waitForLag(
  cluster: Cluster,
  texts: readonly string[],
  options: LagOptions,
  { forMs, intervalMs }: Window,
): Promise<LagReport> {
  const deadline = performance.now() + forMs;
  let wasFound = false;
  for (;;) {
    // At least a second: a last look at the deadline must be able to see something.
    const timeoutMs = Math.min(options.timeoutMs, Math.max(1_000, deadline - performance.now()));
    const report = await unlessAway(reportLag(cluster, texts, { ...options, timeoutMs }));
    const problems = report instanceof KtError ? [report] : report.problems;
    // A group that was there a moment ago is only moving to another coordinator.
    const final = !wasFound && problems.some(isFinal);
    const left = deadline - performance.now();
    if (left <= 0 || problems.length === 0 || final) {
      if (report instanceof KtError) throw report;
      return report;
    }
    wasFound ||= !problems.some(isFinal) && !(report instanceof KtError);
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

/** What no waiting cures. */
function isFinal({ kind, code }: KtError): boolean {
  return (
    kind === 'refused' &&
    code !== undefined &&
    /^(GROUP_ID_NOT_FOUND|UNKNOWN_TOPIC_OR_PARTITION|.*_AUTHORIZATION_FAILED)$/.test(code)
  );
}
