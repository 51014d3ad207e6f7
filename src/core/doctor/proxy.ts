/** Whether the proxy connects to a server. */
import { addressText } from '../../kafka/connection/address.ts';
import { tunnelTo } from '../../kafka/connection/probe/tunnel.ts';
import { type ProxiedRoute, proxyText } from '../../kafka/connection/route.ts';
import { begin, type Examination, failure } from './finding.ts';

/** @returns whether it does */
export async function* examineProxy(route: ProxiedRoute, timeoutMs: number, signal: AbortSignal): Examination<boolean> {
  const found = begin('proxy');
  const target = proxyText(route.proxy);
  try {
    const tunnel = await tunnelTo(route, timeoutMs, signal);
    tunnel!.destroy();
    yield found({ target, verdict: 'ok', found: `it connects to ${addressText(route.target)}` });
    return true;
  } catch (error) {
    yield found(failure(target, error));
    return false;
  }
}
