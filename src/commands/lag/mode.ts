/** What a `kt lag` line is to do: look once, look for a time, wait, watch or serve; flags that do not go together are refused. */
import { usageError } from '../../base/errors.ts';
import type { LagFlags } from './options.ts';

/** What of the command line decides it. */
export interface LagLine extends Omit<LagFlags, 'topic' | 'seconds' | 'isolation'> {
  readonly groups: readonly string[];
  readonly output: string | undefined;
}

type Mode =
  | { readonly kind: 'now' }
  | { readonly kind: 'growth' | 'wait'; readonly forMs: number; readonly intervalMs: number }
  | { readonly kind: 'watch'; readonly intervalMs: number }
  | { readonly kind: 'serve'; readonly host: string; readonly port: number };

const growthForMs = 30_000;
const waitForMs = 300_000;
const pollMs = 2_000;
/** Verdicts need four samples, and are better for more: one step is half a default commit interval. */
const stepsPerWindow = 12;
const fewestSteps = 3;

/** @throws KtError `usage` */
export function modeOf(flags: LagLine): Mode & { readonly groups: readonly string[] } {
  const { all, failIfGrowing, wait, watch, serve, interval } = flags;
  // `--watch billing`: the flag's value is optional, and this one is no duration.
  const groups = typeof watch === 'string' ? [watch, ...flags.groups] : flags.groups;
  if (all && groups.length > 0)
    throw usageError(`--all and ${groups[0]} (--all already means every group)`, 'leave one of them out');
  const chosen = [failIfGrowing && '--fail-if-growing', wait && '--wait', watch !== undefined && '--watch', serve !== undefined && '--serve']; // biome-ignore format: one list
  const [first, second] = chosen.filter((flag) => flag !== false);
  if (second) throw usageError(`${first} with ${second} (only one of them can be used)`, 'leave one of them out');
  refuseUseless(flags, first);
  if (watch !== undefined) return { kind: 'watch', intervalMs: typeof watch === 'number' ? watch : pollMs, groups };
  if (serve !== undefined) return { kind: 'serve', ...address(serve), groups };
  if (wait) return { kind: 'wait', forMs: flags.for ?? waitForMs, intervalMs: interval ?? pollMs, groups };
  if (!failIfGrowing) return { kind: 'now', groups };
  const forMs = flags.for ?? growthForMs;
  const intervalMs = interval ?? Math.ceil(forMs / stepsPerWindow);
  if (intervalMs * fewestSteps > forMs) {
    throw usageError('--interval is more than a third of --for (a verdict needs at least four samples)', 'make --for longer');
  }
  return { kind: 'growth', forMs, intervalMs, groups };
}

/** Flags that would silently do nothing. */
function refuseUseless(flags: LagLine, mode: string | undefined): void {
  const { maxLag, maxTotalLag, maxSeconds, uncommitted, interval, output, summary } = flags;
  const check =
    maxLag !== undefined
      ? '--max-lag'
      : maxTotalLag !== undefined
        ? '--max-total-lag'
        : maxSeconds !== undefined
          ? '--max-seconds'
          : undefined;
  const timed = mode === '--fail-if-growing' || mode === '--wait';
  if (flags.for !== undefined && !timed) throw usageError('--for (goes with --fail-if-growing or --wait)');
  if (interval !== undefined && !timed)
    throw usageError('--interval (goes with --fail-if-growing or --wait)', 'kt lag --watch 5s takes its own');
  if (mode === '--wait' && check === undefined && uncommitted !== 'fail')
    throw usageError('--wait (for which check?)', 'add one, such as --max-lag 0 or --max-seconds 1m');
  if (mode !== '--watch' && mode !== '--serve') return;
  if (summary) throw usageError(`--summary with ${mode}`, 'leave one of them out');
  if (check) throw usageError(`${check} with ${mode} (which never ends by itself)`, `leave ${check} out`);
  const text = mode === '--watch' ? ['table', 'json'] : [];
  if (output !== undefined && !text.includes(output)) {
    const hint = mode === '--watch' ? '-o json prints one object per sample' : 'it prints nothing: use GET /metrics';
    throw usageError(`--output ${output} with ${mode}`, hint);
  }
}

const loopback = '127.0.0.1';

/** `host:port`, `[::1]:port`, `:port` or a port alone: without a host only this machine is served. */
function address(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([\da-f:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) throw usageError(`--serve ${text} (not host:port)`, 'for example --serve localhost:9308');
  return { host: match[1] || match[2] || loopback, port };
}
