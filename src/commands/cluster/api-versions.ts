/** `kt cluster api-versions`: the APIs that each broker has, in which versions, and which of them kt uses. */

import { repeatable } from '../../cli/define.ts';
import { wholeNumber } from '../../cli/options.ts';
import type { Block, Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type ApiOfBroker, type BrokerApis, describeApis } from '../../core/cluster/versions.ts';

type Row = ApiOfBroker & { readonly broker: number };

const columns: readonly Column<Row>[] = [
  { header: 'BROKER', get: ({ broker }) => broker, wide: true },
  { header: 'API', get: nameOf },
  { header: 'KEY', get: ({ apiKey }) => apiKey },
  { header: 'MIN', get: ({ minVersion }) => minVersion },
  { header: 'MAX', get: ({ maxVersion }) => maxVersion },
  { header: 'USED', get: ({ used }) => used },
];

const shows: TableShape<readonly BrokerApis[]> = {
  kind: 'table',
  tables: [columns],
  blocks: (brokers) => brokers.map(block),
  names: (brokers) => brokers.flatMap(({ apis }) => apis.map(nameOf)).filter((name, at, all) => all.indexOf(name) === at),
  problems: (brokers) => brokers.flatMap(({ error }) => error ?? []),
  fields: {
    broker: 'broker id',
    host: 'host that the broker advertises',
    port: 'port that the broker advertises',
    rack: 'its rack, or null',
    release: 'the Kafka release it runs, as far as can be told; null when it did not answer',
    'apis[].api': 'Kafka’s name of the API; null for one newer than kt',
    'apis[].apiKey': 'its number',
    'apis[].minVersion': 'the oldest version the broker supports',
    'apis[].maxVersion': 'the newest version the broker supports',
    'apis[].used': 'the version kt uses with this broker; null when kt does not use the API',
    error: 'why the broker did not answer',
  },
};

export const clusterApiVersions = command({
  name: 'cluster api-versions',
  summary: 'Show the APIs of each broker, and the versions kt uses',
  args: {},
  options: { broker: repeatable('--broker <id>', 'only this broker', wholeNumber) },
  shows,
  examples: [
    { line: 'kt cluster api-versions', does: 'show what the brokers support, as kafka-broker-api-versions does' },
    { line: 'kt cluster api-versions --broker 1 -o csv', does: 'one broker, for a spreadsheet' },
  ],
  async run({ cluster }, _args, { broker }) {
    return describeApis(await cluster(), broker);
  },
});

function nameOf({ api, apiKey }: ApiOfBroker): string {
  return api ?? `unknown-${apiKey}`;
}

function block({ broker, host, port, rack, release, apis }: BrokerApis): Block {
  return {
    heading: [
      ['broker', broker, 'strong'],
      ['address', `${host}:${port}`],
      ['rack', rack, 'dim'],
      ['kafka', release],
    ],
    columns,
    rows: apis.map((api): Row => ({ broker, ...api })),
  };
}
