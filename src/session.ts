/** What one run has: the context that main gives to a command, and its output; made of the process and the global options. */

import { KtError } from './base/errors.ts';
import type { GlobalOptions } from './cli/options.ts';
import { commands } from './commands/index.ts';
import type { Context } from './context.ts';
import type { Io } from './io.ts';
import type { Cluster } from './kafka/cluster.ts';
import type { ClusterOnDemand } from './kafka/connect.ts';
import type { ProxySettings } from './kafka/connection/settings.ts';
import type { ProxyTunnels } from './kafka/connection/tunnels.ts';
import { wantsColor } from './render/colors.ts';
import { visible } from './render/escape.ts';
import { ClosedPipe, type Output } from './render/out.ts';
import type { Terminal } from './render/value.ts';
import type { SchemaRegistry } from './schemas/registry/registry.ts';
import { unlessStuck } from './session/last-write.ts';
import { progressLine } from './session/progress.ts';
import { screenOf } from './session/screen.ts';
import type { GivenSettings, ResolvedSettings } from './settings/resolve.ts';

export interface Session {
  readonly context: Context;
  /** Flags over environment over profile over defaults, resolved once; without connecting. */
  settings(): Promise<ResolvedSettings>;
  readonly out: Output;
  readonly terminal: Terminal;
  /** Ends the run from outside; the reason says why. */
  abort(reason: Error): void;
  /** Closes what the run opened. */
  close(): Promise<void>;
}

/** Opens nothing yet: settings are read and the cluster is connected when the command asks for them. */
export function openSession(io: Io, globals: GlobalOptions): Session {
  const controller = new AbortController();
  const { signal } = controller;
  const { terminal } = io;
  const line = progressLine(terminal.stderr && !globals.quiet, wantsColor(globals.color, io.env, true));
  const say = (text: string): void => {
    line.clear();
    io.stderr(`${text}\n`);
  };
  const trace = globals.verbose ? (text: string) => say(visible(text)) : undefined;
  // Once, whoever asks: read again, a pipe would be empty and a file could have changed, and the run would go on with another cluster.
  const given = once(async () => (await import('./settings/resolve.ts')).readGiven(globals, io.env, signal));
  // Completion runs on a terminal too; its shell hides stderr.
  const ask = terminal.stdin && terminal.stderr ? (question: string) => context.askSecret(question) : undefined;
  const settings = once(async () => (await import('./settings/resolve.ts')).clusterSettings(await given(), ask));
  const registries: SchemaRegistry[] = [];
  const registryFor = async (given: GivenSettings): Promise<SchemaRegistry | undefined> => {
    const settings = await (await import('./settings/resolve.ts')).registrySettings(given);
    if (!settings) return undefined;
    const { openRegistry } = await import('./schemas/registry/registry.ts');
    if (settings.tlsWarning) context.warn(settings.tlsWarning);
    const tunnels = settings.proxy && (await tunnelsOf(settings.proxy, settings.timeoutMs));
    const registry = openRegistry(settings, { signal, trace, tunnels });
    registries.push(registry);
    return registry;
  };
  const ownRegistry = once(async () => registryFor(await given()));
  const open = async (settings: () => Promise<ResolvedSettings>): Promise<ClusterOnDemand> => {
    const [{ clusterOnDemand }, resolved] = await Promise.all([import('./kafka/connect.ts'), settings()]);
    if (resolved.addressNote) context.note(resolved.addressNote);
    if (resolved.tlsWarning) context.warn(resolved.tlsWarning);
    trace?.(await connectingLine(resolved));
    return clusterOnDemand(resolved, { signal, note: context.note, trace });
  };
  let opening: Promise<ClusterOnDemand> | undefined;
  let opened: Cluster | undefined;
  const own = () =>
    (opening ??= open(settings).then(
      (cluster) => (opened = cluster),
      (error: unknown) => {
        // Whoever asks again wants another try.
        opening = undefined;
        throw error;
      },
    ));
  const others: Promise<Cluster>[] = [];
  const context: Context = {
    cluster: () => own().then(connected),
    clusterOnDemand: own,
    clusterOf(profile, { asks } = { asks: true }) {
      const other = open(async () =>
        (await import('./settings/resolve.ts')).profileSettings(profile, globals, io.env, signal, asks ? ask : undefined),
      );
      others.push(other);
      return other.then(connected);
    },
    registry: ownRegistry,
    async registryOf(profile) {
      const { profileGiven } = await import('./settings/resolve.ts');
      return (await registryFor(await profileGiven(profile, globals, io.env, signal))) ?? ownRegistry();
    },
    properties: async () => (await import('./settings/resolve.ts')).openProperties(await given()),
    givenSettings: async () => (await import('./settings/shown.ts')).shownSettings(await given()),
    settings,
    signal,
    globals,
    env: io.env,
    cwd: io.cwd,
    get stdin() {
      return io.stdin;
    },
    terminal,
    commands: () => Promise.all(commands.map((each) => each.load())),
    note: (text) => {
      if (!globals.quiet) say(visible(text));
    },
    warn: (text) => say(`kt: ${visible(text)}`),
    trace,
    progress: line.progress,
    bar: line.bar,
    async confirm(question, stake) {
      line.clear();
      const { confirm, stakeAnswer } = await import('./render/confirm.ts');
      const asking = { stdin: () => io.stdin, stderr: io.stderr, terminal, yes: globals.yes, signal };
      if (!stake) return confirm(question, asking);
      const { addressText } = await import('./kafka/connection/address.ts');
      const { bootstrapServers, addressOrigin } = await settings();
      const where = `${bootstrapServers.map(addressText).join(',')} (${addressOrigin})`;
      await confirm(`${question} on ${where}?`, asking, stakeAnswer(stake));
    },
    async askSecret(question) {
      line.clear();
      const { askSecret } = await import('./render/secret.ts');
      return askSecret(question, { stdin: () => io.stdin, stderr: io.stderr, terminal, signal });
    },
  };
  return {
    context,
    settings,
    terminal: {
      stdout: terminal.stdout,
      columns: terminal.stdout ? io.columns() : 0,
      color: wantsColor(globals.color, io.env, terminal.stdout),
      ...(terminal.stdout && { screen: screenOf(io, () => controller.abort(new KtError('interrupted', 'interrupted'))) }),
    },
    out: {
      async write(data) {
        if (terminal.stdout) line.clear();
        try {
          await unlessStuck(io.stdout.write(data), signal);
        } catch (error) {
          if (error instanceof ClosedPipe) controller.abort(error);
          throw error;
        }
      },
    },
    abort: (reason) => controller.abort(reason),
    async close() {
      line.stop();
      for (const registry of registries) registry.close();
      // Nobody waits for it any more, and reading a pipe could go on for long.
      if (opening && !opened) controller.abort(new KtError('interrupted', 'the run is over'));
      const cluster = await opening?.catch(() => undefined);
      await cluster?.close();
      for (const other of others) await (await other.catch(() => undefined))?.close();
    },
  };
}

async function connected(cluster: ClusterOnDemand): Promise<Cluster> {
  await cluster.open();
  return cluster;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

async function tunnelsOf(proxy: ProxySettings, timeoutMs: number): Promise<ProxyTunnels> {
  const { ProxyTunnels } = await import('./kafka/connection/tunnels.ts');
  return new ProxyTunnels(proxy, timeoutMs, '--registry');
}

/** `connecting to localhost:9092 (the default) through socks5://bastion:1080 (KT_PROXY)`. */
async function connectingLine(settings: ResolvedSettings): Promise<string> {
  const { proxyText, routeText, routeTo } = await import('./kafka/connection/route.ts');
  const { bootstrapServers, addressMap, addressOrigin, proxy, proxyOrigin } = settings;
  const servers = bootstrapServers.map((server) => routeText(routeTo({ addressMap }, server)));
  return `connecting to ${servers.join(', ')} (${addressOrigin})${proxy ? ` through ${proxyText(proxy)} (${proxyOrigin})` : ''}`;
}
