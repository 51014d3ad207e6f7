/** Whether every broker can be reached from here at the address that it advertises: the classic of Docker and Kubernetes. */

import { KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import type { BrokerNode, Cluster } from '../../kafka/cluster.ts';
import { addressText } from '../../kafka/connection/address.ts';
import { brokerOpener, type OpenBroker } from '../../kafka/connection/broker.ts';
import type { Trace } from '../../kafka/connection/link.ts';
import { routeTo } from '../../kafka/connection/route.ts';
import type { ClusterSettings, HostPort } from '../../kafka/connection/settings.ts';
import { type PerBroker, perBroker } from '../cluster/brokers.ts';
import { brokerVersions } from '../cluster/versions.ts';
import { advice } from './advice.ts';
import { begin, brokersText, type Examination, failure, someOf, type Told } from './finding.ts';
import { done } from './greeting.ts';
import { answersInstead } from './identity.ts';
import type { Known } from './metadata.ts';

/**
 * Connects to each broker as a client would, and asks those that can be reached for their release.
 * @param through a bootstrap server that let kt in
 * @returns the brokers that can be reached, by id
 */
export async function* examineListeners(
  { cluster, settings, metadata: { brokers } }: Known,
  through: HostPort,
  trace?: Trace,
): Examination<readonly number[]> {
  const found = begin('listener');
  // One for all, as a client has: so the user's token is asked for once.
  const opens = brokerOpener(settings, trace);
  const answers = await perBroker(
    brokers.map(({ id }) => id),
    (id) => visit(brokers.find((broker) => broker.id === id)!, opens, settings.timeoutMs, cluster.signal),
  );
  const open = brokers.filter(({ id }) => !(answers.get(id) instanceof KtError));
  const others = brokers.length > 1 ? await impostors(cluster, open) : new Map<number, number>();
  const reached = open.filter(({ id }) => !others.has(id));
  for (const broker of brokers) {
    const error = answers.get(broker.id);
    const other = others.get(broker.id);
    if (other !== undefined) yield found(misled(broker, other));
    if (!(error instanceof KtError)) continue;
    const told = failure(
      `broker ${broker.id}`,
      error,
      `it advertises ${placeOf(broker, settings)}, which cannot be used from here`,
    );
    const cure = advice(broker, through, error, brokers.length === 1) ?? told.cure;
    yield found({ ...told, ...(cure !== undefined && { cure }) });
  }
  if (reached.length > 0) {
    const target = brokersText(reached.map(({ id }) => id));
    const advertised = someOf(reached.map(addressText));
    const releases = releasesOf(await brokerVersions(cluster, reached));
    const all = reached.length === brokers.length ? '' : `${reached.length} of ${counted(brokers.length, 'broker')}: `;
    yield found({ target, verdict: 'ok', found: `${all}reached at the advertised ${advertised}${releases}` });
  }
  return reached.map(({ id }) => id);
}

/** The brokers at whose address another one answers, with its id. */
async function impostors(cluster: Cluster, brokers: readonly BrokerNode[]): Promise<ReadonlyMap<number, number>> {
  const asked = brokers.map(async ({ id }) => [id, await answersInstead(cluster, id)] as const);
  return new Map((await Promise.all(asked)).flatMap(([id, other]) => (other === undefined ? [] : [[id, other]])));
}

function misled(broker: BrokerNode, other: number): Told {
  const at = addressText(broker);
  return {
    target: `broker ${broker.id}`,
    verdict: 'fail',
    found: `at ${at}, which it advertises, broker ${other} answers`,
    why: 'an address map, a tunnel or a load balancer leads to another broker than it should',
    cure: `each broker needs an address of its own: --address-map ${at}=HOST:PORT, with the port that leads to broker ${broker.id}`,
  };
}

async function visit({ host, port }: BrokerNode, open: OpenBroker, timeoutMs: number, signal: AbortSignal): Promise<true> {
  const sockets = await open({ host, port }, { signal, timeoutMs });
  sockets.drop(done);
  return true;
}

/** `kafka:9092, here localhost:19092`, where an address map says so. */
function placeOf(broker: BrokerNode, settings: ClusterSettings): string {
  const advertised = addressText(broker);
  const target = addressText(routeTo(settings, broker).target);
  return target === advertised ? advertised : `${advertised}, here ${target}`;
}

/** `; release 4.3`. */
function releasesOf(versions: PerBroker<{ readonly release: string }>): string {
  const releases = new Set([...versions.values()].flatMap((each) => (each instanceof KtError ? [] : each.release)));
  if (releases.size === 0) return '';
  return releases.size === 1 ? `; release ${[...releases][0]}` : `; releases ${[...releases].sort().join(', ')}`;
}
