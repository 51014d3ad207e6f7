/** One broker's sockets, the main one and one for long polls: each is opened when needed, and reopened after it was lost. */
import { whenAborted } from '../../base/pause.ts';
import { type ApiRanges, negotiate } from '../wire/versions.ts';
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
      let asked = login ? undefined : along;
      for (;;) {
        const used = settings;
        const link = linkTo('main', Math.max(1, deadline - performance.now()), asked);
        try {
          await link.ready();
          if (!asked || isKnown(asked, versions)) break;
          link.drop(new Error('the broker does not know the version of what was asked along'));
          asked = undefined;
        } catch (error) {
          const next = error instanceof RefusedCertificate ? nextIdentity(used) : undefined;
          const mayBeOld = link.hasAskedAlong() && performance.now() < deadline;
          if (!(next || mayBeOld) || signal.aborted) throw error;
          if (!next) asked = undefined;
          // Another connection may have gone on to it meanwhile.
          else if (settings === used) settings = next;
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

function isKnown({ apiName, apiVersion }: Exchange, versions: ApiRanges): boolean {
  return negotiate(apiName, versions, apiVersion) === apiVersion;
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
