/** Why a proxy gave no connection to a broker, in words, with what to do next. No password is in them. */
import type { KtError } from '../../base/errors.ts';
import { addressText } from './address.ts';
import { failed } from './errors.ts';
import { type ProxiedRoute, proxyText, type Route } from './route.ts';
import type { Explanation } from './tls-errors.ts';

/** What a proxy answered in place of a connection. */
export class ProxyRefusal extends Error {
  readonly kind: 'not a proxy' | 'wants a user' | 'refused the user' | 'forbidden' | 'no connection';

  /** @param message the proxy's own reason, in words; empty where it gave none */
  constructor(kind: ProxyRefusal['kind'], message = '') {
    super(message);
    this.kind = kind;
  }
}

/** The error for whatever was thrown while the proxy was asked: a ProxyRefusal, or the socket's own error. */
export function proxyError(error: unknown, route: ProxiedRoute): KtError {
  const { why, ...rest } = error instanceof ProxyRefusal ? refusal(error, route) : lostProxy(error, route);
  return failed(route, why, rest);
}

/** The error for a proxy that is silent; `unreached` when not even its socket connected. Undefined where the route has no proxy. */
export function silentProxy(route: Route, timeoutMs: number, unreached: boolean): KtError | undefined {
  if (!route.proxy) return undefined;
  const wait = `${timeoutMs / 1000}s`;
  return failed(
    route,
    unreached ? `the proxy did not answer within ${wait}` : `the proxy accepted the connection, then said nothing for ${wait}`,
    {
      code: 'REQUEST_TIMED_OUT',
      hint: unreached
        ? `${checkAddress}; --timeout 30s waits longer`
        : `can it reach ${addressText(route.target)}, and is it ${kindOf(route.proxy)}? --timeout 30s waits longer`,
    },
  );
}

const checkAddress = 'check the address of the proxy (--proxy, KT_PROXY or the profile); --proxy none connects without one';

function kindOf({ protocol }: ProxiedRoute['proxy']): string {
  return protocol === 'socks5' ? 'a SOCKS5 proxy' : 'an HTTP proxy';
}

function refusal({ kind, message }: ProxyRefusal, { target, proxy, changedBy = '--address-map' }: ProxiedRoute): Explanation {
  const at = addressText(target);
  const url = `${proxy.protocol}://USER:\${env:PROXY_PASSWORD}@${addressText(proxy)}`;
  switch (kind) {
    case 'not a proxy':
      return {
        code: 'NETWORK_EXCEPTION',
        why: `what listens there is not ${kindOf(proxy)}${message && `: ${message}`}`,
        hint: `check the address of the proxy and its kind: --proxy ${proxy.protocol === 'socks5' ? 'http' : 'socks5'}://${addressText(proxy)} is the other one`,
      };
    case 'wants a user':
      return {
        code: 'PROXY_AUTHENTICATION_FAILED',
        why: 'the proxy asks for a user name and password',
        hint: `--proxy '${url}'`,
      };
    case 'refused the user':
      return {
        code: 'PROXY_AUTHENTICATION_FAILED',
        why: `the proxy refused user ${proxy.username}`,
        hint: 'check the user name and the password in the URL of the proxy',
      };
    case 'forbidden':
      return {
        code: 'NETWORK_EXCEPTION',
        why: `the proxy does not allow connections to ${at}${message && `: ${message}`}`,
        hint: `have its rules allow this host and port, or give an address that they allow with ${changedBy}`,
      };
    case 'no connection':
      return {
        code: 'NETWORK_EXCEPTION',
        why: `the proxy did not get a connection to ${at}${message && `: ${message}`}`,
        hint: `can ${proxyText(proxy)} reach it? the proxy looks the name up; ${changedBy} gives another address`,
      };
  }
}

function lostProxy(error: unknown, { proxy }: ProxiedRoute): Explanation {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return { code, why: 'the proxy itself refused the connection', hint: checkAddress };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { code, why: `host name ${proxy.host} of the proxy not found`, hint: checkAddress };
  }
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return { code, why: 'the proxy cannot be reached', hint: checkAddress };
  }
  return {
    code: code ?? 'NETWORK_EXCEPTION',
    why: 'the proxy closed the connection',
    hint: `is it ${kindOf(proxy)}, and may it connect to this host and port?`,
  };
}
