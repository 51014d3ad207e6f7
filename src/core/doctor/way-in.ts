/** The way to each bootstrap server, step by step: name, socket, proxy, TLS, protocol, user. */
import { addressText } from '../../kafka/connection/address.ts';
import { isFinal } from '../../kafka/connection/bootstrap.ts';
import { type BrokerSockets, brokerOpener, type OpenBroker } from '../../kafka/connection/broker.ts';
import type { Trace } from '../../kafka/connection/link.ts';
import { type ProxiedRoute, routeTo } from '../../kafka/connection/route.ts';
import type { ClusterSettings, HostPort } from '../../kafka/connection/settings.ts';
import { type Examination, type StepName, skipped } from './finding.ts';
import { done, examineGreeting, examineUser, greet } from './greeting.ts';
import { examineProxy } from './proxy.ts';
import { type Reach, reach } from './reach.ts';
import { examineTls } from './tls.ts';

/**
 * Names and sockets of all servers are looked at while the first one is examined. After a refusal that every server would repeat the
 * user is not tried at the next one: that could lock the user out.
 * @returns the servers that let kt in
 */
export async function* examineWaysIn(
  settings: ClusterSettings,
  signal: AbortSignal,
  trace?: Trace,
): Examination<readonly HostPort[]> {
  const { bootstrapServers } = settings;
  const reaching = bootstrapServers.map((server) => reach(server, settings, signal));
  // Whoever awaits one learns of its error.
  for (const each of reaching) each.catch(() => {});
  const opens = brokerOpener(settings, trace);
  const open: HostPort[] = [];
  const told = new Set<string>();
  let isRefused = false;
  for (const [at, server] of bootstrapServers.entries()) {
    const reached = await reaching[at]!;
    const came = yield* examineWay(server, { settings, opens, reached, told, isRefused, signal, trace });
    if (came === 'in') open.push(server);
    if (came === 'refused') isRefused = true;
  }
  return open;
}

interface Way {
  readonly settings: ClusterSettings;
  readonly opens: OpenBroker;
  readonly reached: Reach;
  /** What was said of names and sockets; all ways through a proxy begin with the same. */
  readonly told: Set<string>;
  /** Whether the user, or the proxy's, was refused for all servers. */
  readonly isRefused: boolean;
  readonly signal: AbortSignal;
  readonly trace: Trace;
}

type Came = 'in' | 'refused' | 'not in';

async function* examineWay(server: HostPort, way: Way): Examination<Came> {
  const { settings, opens, reached, told, isRefused, signal, trace } = way;
  const target = addressText(server);
  const route = routeTo(settings, server);
  for (const finding of reached.findings) {
    const name = `${finding.step} ${finding.target}`;
    if (!told.has(name)) yield finding;
    told.add(name);
  }
  const left = [route.proxy && 'proxy', settings.tls && 'tls', 'api-versions', settings.sasl && 'sasl'].filter(
    (step): step is StepName => step !== undefined,
  );
  const give = (needs: StepName) =>
    left.slice(needs === 'tcp' ? 0 : left.indexOf(needs) + 1).map((step) => skipped(step, target, needs));
  if (!reached.isReached) {
    yield* give('tcp');
    return 'not in';
  }
  if (route.proxy) {
    const refusal = isRefused || (yield* examineProxy(route as ProxiedRoute, settings.timeoutMs, signal));
    if (refusal) {
      yield* give('proxy');
      return refusal !== true && isFinal(refusal) ? 'refused' : 'not in';
    }
  }
  const greeting = greet(server, settings, signal, trace);
  greeting.then(hangUp, () => {});
  if (settings.tls && !(yield* examineTls(server, settings, greeting, signal))) {
    yield* give('tls');
    return 'not in';
  }
  if (!(yield* examineGreeting(server, settings, greeting, signal))) {
    yield* give('api-versions');
    return 'not in';
  }
  if (!settings.sasl) return 'in';
  if (isRefused) {
    yield skipped('sasl', target, 'a user whom the other server takes');
    return 'not in';
  }
  const refusal = yield* examineUser(server, opens, settings, signal);
  if (!refusal) return 'in';
  return isFinal(refusal) ? 'refused' : 'not in';
}

function hangUp(sockets: BrokerSockets): void {
  sockets.drop(done);
}
