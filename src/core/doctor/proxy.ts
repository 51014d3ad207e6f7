/** Whether the proxy connects to a server. */
import type { KtError } from '../../base/errors.ts';
import { addressText } from '../../kafka/connection/address.ts';
import { tunnelTo } from '../../kafka/connection/probe/tunnel.ts';
import { type ProxiedRoute, proxyText } from '../../kafka/connection/route.ts';
import { begin, type Examination, failure } from './finding.ts';

/** @returns undefined when it does, otherwise why not */
export async function* examineProxy(
  route: ProxiedRoute,
  timeoutMs: number,
  signal: AbortSignal,
): Examination<KtError | undefined> {
  const found = begin('proxy');
  const target = proxyText(route.proxy);
  try {
    const tunnel = await tunnelTo(route, timeoutMs, signal);
    tunnel!.destroy();
    yield found({ target, verdict: 'ok', found: `it connects to ${addressText(route.target)}` });
    return undefined;
  } catch (error) {
    yield found(failure(target, error));
    return error as KtError;
  }
}
