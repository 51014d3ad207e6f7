/** How a local cluster looks after each of the `kt local` commands. */
import type { Column, TableShape, Tone } from '../../cli/shape.ts';
import type { LocalRegistry } from '../../local/registry.ts';
import type { LocalNode, LocalStatus } from '../../local/status.ts';

/** A cluster as shown; `absent` has no nodes. */
export interface ShownCluster {
  readonly name: string;
  readonly status: LocalStatus['status'] | 'started' | 'purged' | 'absent';
  readonly kafkaVersion?: string | undefined;
  readonly runtime?: string | undefined;
  readonly security?: string | undefined;
  readonly bootstrapServers?: string | undefined;
  readonly listeners?: LocalStatus['listeners'] | undefined;
  readonly clientProperties?: string | undefined;
  readonly registry?: LocalRegistry | undefined;
  readonly directory?: string | undefined;
  readonly nodes?: readonly LocalNode[] | undefined;
  /** Only the lines that a shell evaluates are shown. */
  readonly exports?: readonly string[] | undefined;
}

export const clusterFields: Readonly<Record<string, string>> = {
  name: 'the cluster',
  status: 'running, partial (some brokers are down), stopped (its data is kept) or absent',
  kafkaVersion: 'release of Kafka',
  runtime: 'docker or java',
  security: 'plaintext or sasl_ssl',
  bootstrapServers: 'for --bootstrap-server',
  listeners: 'protocol → bootstrap servers',
  clientProperties: 'settings file of the user admin, for --command-config; with sasl_ssl',
  'registry.url': 'for --registry; where the cluster has a schema registry',
  'registry.running': 'whether the registry is alive',
  'registry.pid': 'its process id, 0 when it is not running',
  'registry.logFile': 'path of its log',
  directory: "the cluster's folder: settings, data and logs",
  'nodes[].id': 'broker and controller id',
  'nodes[].host': 'host of its listener',
  'nodes[].port': 'port of its listener',
  'nodes[].running': 'whether it is alive',
  'nodes[].pid': 'process id, 0 when it is not running or in a container',
  'nodes[].logFile': 'path of its log, or the command that shows it',
};

function stopLine(name: string): string {
  return `kt local down${name === 'default' ? '' : ` --name ${name}`}`;
}

const columns: readonly Column<ShownCluster>[] = [
  { header: 'NAME', get: ({ name }) => name },
  { header: 'STATUS', get: ({ status }) => status, tone: ({ status }) => tones[status] ?? 'dim' },
  { header: 'KAFKA', get: ({ kafkaVersion }) => kafkaVersion },
  { header: 'RUNTIME', get: ({ runtime }) => runtime },
  { header: 'SECURITY', get: ({ security }) => security },
  { header: 'BOOTSTRAP-SERVERS', get: ({ bootstrapServers }) => bootstrapServers },
  {
    header: 'REGISTRY',
    get: ({ registry }) => (registry === undefined ? null : registry.running ? registry.url : 'stopped'),
  },
  { header: 'STOP-WITH', get: ({ nodes, name }) => (nodes?.some((node) => node.running) ? stopLine(name) : null) },
  { header: 'DIRECTORY', get: ({ directory }) => directory, wide: true },
];

/** A registry takes room only where there is one. */
function columnsOf(clusters: readonly ShownCluster[]): readonly Column<ShownCluster>[] {
  const has = clusters.some(({ registry }) => registry !== undefined);
  return columns.map((column) => (column.header === 'REGISTRY' ? { ...column, wide: !has } : column));
}

const tones: Readonly<Partial<Record<ShownCluster['status'], Tone>>> = { running: 'good', started: 'good', partial: 'bad' };

/** One line per cluster; what is secret stays in the cluster's folder. */
export function clusterShape(fields: Readonly<Record<string, string>>): TableShape<ShownCluster> {
  return {
    kind: 'table',
    tables: [columns],
    fields,
    names: ({ bootstrapServers }) => (bootstrapServers === undefined ? [] : [bootstrapServers]),
    json: shown,
    blocks: (cluster) =>
      cluster.exports
        ? [{ columns: [], rows: [], footer: cluster.exports.join('\n') }]
        : [{ columns: columnsOf([cluster]), rows: [cluster] }],
  };
}

/** The same for several clusters. */
export function clusterRows(fields: Readonly<Record<string, string>>): TableShape<readonly ShownCluster[]> {
  return {
    kind: 'table',
    tables: [columns],
    isList: true,
    fields,
    names: (clusters) => clusters.map(({ name }) => name),
    json: (clusters) => clusters.map(shown),
    blocks: (clusters) => [{ columns: columnsOf(clusters), rows: clusters }],
  };
}

/** The documented fields and no others: a cluster in hand also knows passwords. */
function shown(cluster: ShownCluster): ShownCluster {
  const { name, status, kafkaVersion, runtime, security, bootstrapServers, listeners } = cluster;
  const { clientProperties, registry, directory, nodes } = cluster;
  const settings = { name, status, kafkaVersion, runtime, security, bootstrapServers, listeners, clientProperties };
  return { ...settings, ...(registry && { registry }), directory, nodes };
}
