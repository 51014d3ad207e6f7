/** One broker's sockets, the main one and one for long polls: each is opened when needed, and reopened after it was lost. */
import { KtError } from '../../base/errors.ts';
import { whenAborted } from '../../base/pause.ts';
import type { ApiRanges } from '../wire/versions.ts';
import { addressText } from './address.ts';
import { RefusedCertificate } from './errors.ts';
import { expiryNotes, type Note } from './expiry.ts';
import { Link, type Trace } from './link.ts';
import { loginOf } from './login.ts';
import type { Exchange } from './open-requests.ts';
import type { ClusterSettings, HostPort } from './settings.ts';

type SocketName = 'main' | 'fetch';

export interface OpenOptions {
  /** Ends the opening, which rejects with its reason. */
  readonly signal: AbortSignal;
  /** How long it may take, in ms. */
  readonly timeoutMs: number;
  /**
   * What will be asked first: where nobody has to log in, it is asked together with the broker's API versions, and exchanging it brings that
   * answer. A broker that does not know its version hangs up, and is asked again without it.
   */
  readonly along?: Exchange | undefined;
}

/** Opens sockets to a broker of one cluster, whose settings it knows. */
export type OpenBroker = (at: HostPort, options: OpenOptions) => Promise<BrokerSockets>;

export interface BrokerSockets {
  readonly address: HostPort;
  /** The API versions that the broker listed when its main socket was last opened. */
  readonly versions: ApiRanges;
  /** False once the main socket is lost. */
  isOpen(): boolean;
  /** Begins to open a socket that will be needed. */
  open(socket: SocketName): void;
  /**
   * Writes one frame, on a new socket if there is none, and resolves with the answer's bytes after the correlation id, or, when no answer
   * is expected, with `null` once it was sent.
   * @throws KtError `connection`
   */
  exchange(socket: SocketName, request: Exchange): Promise<Buffer | null>;
  /** Destroys both sockets; requests without an answer reject with `reason`. */
  drop(reason: unknown): void;
}

/**
 * Remembers the settings, and which entry of the key store the brokers accept; opens nothing.
 * @param authenticates false: connections are opened as far as brokers let anybody in, up to ApiVersions, and only for that
 * @param note is told of certificates that end soon
 */
export function brokerOpener(given: ClusterSettings, trace: Trace, authenticates = true, note?: Note): OpenBroker {
  const look = note && given.tls && expiryNotes(note);
  let settings = given;
  const login = authenticates && given.sasl ? loginOf(given.sasl, given) : undefined;
  const facts = { hasServed: false };
  return async (address, { signal, timeoutMs, along }) => {
    let versions: ApiRanges = {};
    const links = new Map<SocketName, Link>();
    const linkTo = (name: SocketName, within?: number, along?: Exchange): Link => {
      const known = links.get(name);
      if (known && !known.isLost()) return known;
      const link = new Link({
        address,
        settings,
        login,
        trace,
        along,
        facts,
        ...(look && { secured: look }),
        ...(within !== undefined && { timeoutMs: within }),
        async versions(ask) {
          if (name === 'main') versions = await ask();
          return versions;
        },
      });
      links.set(name, link);
      return link;
    };
    const drop = (reason: unknown) => {
      for (const link of links.values()) link.drop(reason);
    };

    if (signal.aborted) throw signal.reason;
    const release = whenAborted(signal, () => drop(signal.reason));
    try {
      const deadline = performance.now() + timeoutMs;
      const openMain = (asked?: Exchange) => linkTo('main', Math.max(1, deadline - performance.now()), asked);
      for (;;) {
        const used = settings;
        try {
          await opened(openMain, login ? undefined : along, signal);
          break;
        } catch (error) {
          const next = error instanceof RefusedCertificate ? nextIdentity(used) : undefined;
          if (!next || signal.aborted) throw error;
          // Another connection may have gone on to it meanwhile.
          if (settings === used) settings = next;
        }
      }
      if (trace) traceIdentity(settings, address, trace);
    } finally {
      release();
    }
    return {
      address,
      get versions() {
        return versions;
      },
      isOpen: () => links.get('main')?.isLost() === false,
      open: (socket) => void linkTo(socket),
      async exchange(socket, request) {
        const link = linkTo(socket);
        const opening = link.ready();
        if (opening) await opening;
        return link.exchange(request);
      },
      drop,
    };
  };
}

/** Opens a link that asks along; if the broker is too old for what is asked, which it hangs up on, another one that does not. */
async function opened(open: (along?: Exchange) => Link, along: Exchange | undefined, signal: AbortSignal): Promise<void> {
  const link = open(along);
  try {
    await link.ready();
    if (!along || link.knows(along)) return;
  } catch (error) {
    if (!link.hasAskedAlong() || signal.aborted || saysWhy(error)) throw error;
  }
  link.drop(new Error('the broker does not know the version of what was asked along'));
  await open().ready();
}

/** Whether it was no hanging up: TLS 1.3 refuses a certificate only once the client has written, and a silent server has used up the time. */
function saysWhy(error: unknown): boolean {
  return error instanceof RefusedCertificate || (error instanceof KtError && error.code === 'REQUEST_TIMED_OUT');
}

/** Says which entry of a key store is used, where there are several. */
function traceIdentity({ tls }: ClusterSettings, address: HostPort, trace: NonNullable<Trace>): void {
  if (!tls?.otherIdentities) return;
  const refused = tls.refusedAliases ? ` (refused: ${tls.refusedAliases.join(', ')})` : '';
  trace(`client certificate of entry ${tls.certFacts?.alias} → ${addressText(address)}${refused}`);
}

/** The settings with the key store's next entry; undefined when there is none. */
function nextIdentity({ tls, ...settings }: ClusterSettings): ClusterSettings | undefined {
  const [next, ...otherIdentities] = tls?.otherIdentities ?? [];
  if (!tls || !next) return undefined;
  const refusedAliases = [...(tls.refusedAliases ?? []), tls.certFacts?.alias ?? 'the first entry'];
  return { ...settings, tls: { ...tls, ...next, otherIdentities, refusedAliases } };
}
