/** `kt local up`: a real Kafka on this machine. */

import { usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { flag, option } from '../../cli/define.ts';
import { choice, positiveNumber, text, wholeNumber } from '../../cli/options.ts';
import { command } from '../../context.ts';
import { startLocal } from '../../local/cluster.ts';
import { localPlace } from '../../local/place.ts';
import { defaultKafkaVersion, defaultPort, releases, runtimes, securities } from '../../local/spec.ts';
import type { LocalStatus } from '../../local/status.ts';
import { keepProfile } from './profile.ts';
import { clusterFields, clusterShape, type ShownCluster } from './shape.ts';

/** A release; those that there were by now are completed. */
const release = Object.assign((value: string) => text(value), { suggests: releases });

export const localUp = command({
  name: 'local up',
  summary: 'Start a real Kafka on this machine',
  description: `Runs Apache Kafka in KRaft mode: from Docker (apache/kafka) where its daemon answers, otherwise with Java 17 or newer and the jars that Maven downloads once per version. The brokers listen on the loopback interface only and keep running after kt ends; their data is kept until kt local down --purge. If the cluster is already running, nothing changes; a stopped cluster starts again with its data and its settings.

With --security sasl_ssl the cluster has a certificate authority of its own, the users admin (who may do everything) and alice (who needs an ACL for everything), and Kafka's standard authorizer. Settings for both are written beside its data, ready for --command-config and for Kafka's own scripts.

With --schema-registry, Apicurio Registry runs beside the brokers, with Confluent's API and no security; Maven downloads it once (142 MB). It stays with the cluster: it is stopped, started and purged with it. Its compatibility level is NONE until kt schemas compatibility sets another.

The profile local/NAME names the cluster from then on: kt --profile local/default topics list.

One broker takes about 300 MB of memory, the registry about 250 MB.`,
  args: {},
  options: {
    brokers: option('--brokers <n>', 'number of brokers, each also a controller', positiveNumber, { defaultText: '1' }),
    kafkaVersion: option('--kafka-version <version>', 'release of Kafka, 3.7.0 or newer', release, {
      defaultText: defaultKafkaVersion,
    }),
    port: option('--port <port>', 'port of the first broker, the others follow; 0 picks free ports', wholeNumber, {
      defaultText: String(defaultPort),
    }),
    security: option('--security <protocol>', 'security protocol of the clients', choice(securities), {
      defaultText: 'plaintext',
    }),
    runtime: option('--runtime <runtime>', 'what runs Kafka', choice(runtimes), { defaultText: 'auto' }),
    schemaRegistry: flag('--schema-registry', 'run a schema registry too (Apicurio, with Java), on port 8081 or any free one'),
    env: flag('--env', 'print only the export lines, for eval "$(kt local up --env)"'),
    name: option('--name <name>', 'name of the cluster; several can run side by side', text, { defaultText: 'default' }),
  },
  shows: clusterShape({
    ...clusterFields,
    status: 'started by this command, or already running',
  }),
  examples: [
    { line: 'kt local up', does: 'one broker on localhost:9092' },
    { line: 'kt local up --env', does: 'print only export lines: eval "$(kt local up --env)" lets a shell use it' },
    { line: 'kt local up --schema-registry', does: 'with a schema registry on port 8081' },
    { line: 'kt local up --brokers 3 --name three --port 19092', does: 'three brokers in a second cluster' },
    {
      line: 'kt local up --kafka-version 3.7.0 --security sasl_ssl --name secure --port 0',
      does: 'TLS, SASL and ACLs on an older release',
    },
  ],
  async run(context, _, { name = 'default', env: onlyExports, ...options }): Promise<ShownCluster> {
    const { env, signal, note, progress, globals } = context;
    if (onlyExports && (globals.columns || globals.sort || globals.noHeaders))
      throw usageError('--env with options on rows (export lines are no rows)', 'leave --columns, --sort and --no-headers out');
    const spinner = progress('starting Kafka');
    try {
      const cluster = await startLocal({ ...localPlace(name, env), ...options }, { signal, note });
      spinner.stop();
      await keepProfile(context, cluster);
      const exports = exportLines(cluster);
      if (!onlyExports) for (const line of exports) note(line);
      return { ...cluster, ...(onlyExports && { exports }), status: cluster.started ? 'started' : cluster.status };
    } finally {
      spinner.stop();
    }
  },
});

/** What makes a shell use the cluster. */
function exportLines({ bootstrapServers, registry, clientProperties }: LocalStatus): readonly string[] {
  return [
    `export KT_BOOTSTRAP_SERVER=${bootstrapServers}`,
    ...(registry ? [`export KT_REGISTRY=${registry.url}`] : []),
    ...(clientProperties ? [`export KT_COMMAND_CONFIG=${shellWord(clientProperties)}`] : []),
  ];
}
