/** Lag over a period: sampled to be judged, or until the checks pass. */
import { KtError } from '../../base/errors.ts';
import { pause } from '../../base/pause.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { LagHistory } from './history.ts';
import type { LagOptions } from './options.ts';
import { checked, type LagReport, measureLag, reportLag } from './report.ts';

export interface Window {
  /** How long lag is watched, or waited for at most. */
  readonly forMs: number;
  /** From one sample to the next. */
  readonly intervalMs: number;
  /** Called after each sample with the time left and the checks that fail. */
  readonly onLook?: (leftMs: number, problems: readonly KtError[]) => void;
}

/**
 * A coordinator that has just moved may not know a group yet (its log's high watermark arrives a moment later), so a group counts as unknown
 * only after this time.
 */
const doubtMs = 3_000;

/**
 * Watches lag for a while and judges it (`verdictOf`); the other checks apply to the last sample.
 * A failed sample (no connection, a group missing for a moment) is a gap; with too many gaps there is no verdict, which is a problem. What is
 * missing from the start is reported at once.
 * @throws KtError `connection` when every sample failed
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
 * Polls until every check passes and nothing is missing, or until the time is up: the last report then has the checks that failed.
 * It waits for lost connections and moving leaders; what waiting does not cure (an unknown group or topic, a missing permission) is reported
 * after three seconds.
 * @throws KtError `connection` when the cluster did not answer at the end
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
    // At least a second, so that the last sample can succeed.
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

/** The report, or the connection error. */
async function unlessAway(report: Promise<LagReport>): Promise<LagReport | KtError> {
  try {
    return await report;
  } catch (error) {
    if (error instanceof KtError && error.kind === 'connection') return error;
    throw error;
  }
}

/** Whether something is missing that waiting will not bring. */
function isMissing({ problems }: LagReport): boolean {
  return problems.some(
    ({ kind, code = '' }) =>
      kind === 'refused' && /^(GROUP_ID_NOT_FOUND|UNKNOWN_TOPIC_OR_PARTITION|.*_AUTHORIZATION_FAILED)$/.test(code),
  );
}
