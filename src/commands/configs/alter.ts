/** `kt configs alter`: changes named configs of one resource, and shows them before and after. */
import { usageError } from '../../base/errors.ts';
import { argument } from '../../cli/define.ts';
import type { Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type AlteredConfigs, alterConfigs } from '../../core/configs/alter.ts';
import { configChanges } from '../../core/configs/changes.ts';
import { explained, resourceNamed, shownName } from '../../core/configs/resources.ts';
import { changeColumns, changeFields, changeOptions, changeRows, types } from './options.ts';

const columns: readonly Column<AlteredConfigs>[] = [
  { header: 'TYPE', get: ({ resource }) => resource.type },
  { header: 'NAME', get: ({ resource }) => shownName(resource), tone: () => 'strong' },
  {
    header: 'STATUS',
    get: ({ status }) => status,
    tone: ({ status }) => (status === 'failed' ? 'bad' : status === 'altered' ? 'good' : 'dim'),
  },
];

const shownColumns = [...columns, ...changeColumns];

const shows: TableShape<readonly AlteredConfigs[]> = {
  kind: 'table',
  tables: [shownColumns],
  blocks: (altered) => [{ columns: shownColumns, rows: changeRows(altered) }],
  names: (altered) => altered.map(({ resource }) => shownName(resource)),
  json: (altered) =>
    altered.map(({ resource, ...outcome }) => ({ type: resource.type, name: shownName(resource), ...outcome })),
  fields: {
    type: 'topic, broker, broker-logger, group or client-metrics',
    name: 'name of the topic, group or subscription, or id of the broker; default for what all brokers share',
    status: 'altered, unchanged (nothing had to change), valid (with --dry-run) or failed',
    ...changeFields,
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
  problems: (altered) => altered.flatMap(({ error }) => error ?? []),
};

export const configsAlter = command({
  name: 'configs alter',
  summary: 'Change configs of a topic, broker, logger, group or client metrics',
  description:
    'Only the configs you name change, even if another process changes others at the same time. What is set here on a broker survives its restart and overrides its file; the level of a logger lasts until the broker restarts. kt topics alter changes several topics at once.',
  args: {
    type: argument('type', 'what kind of resource has the configs', { choices: types }),
    name: argument(
      'name',
      'name of the topic, group or subscription, id of the broker, or default for what all brokers share',
      {
        complete: 'resource',
      },
    ),
  },
  options: changeOptions,
  shows,
  examples: [
    { line: 'kt configs alter broker default --config log.cleaner.threads=2', does: 'set a config of all brokers' },
    {
      line: 'kt configs alter broker 1 --delete-config log.cleaner.threads --dry-run',
      does: 'check whether a config can be removed',
    },
    { line: 'kt configs alter broker-logger 1 --config kafka.server.KafkaApis=DEBUG', does: 'make a broker log more' },
    { line: 'kt configs alter group billing --config consumer.session.timeout.ms=60s', does: 'set a config of a group' },
    {
      line: 'kt configs alter client-metrics all-clients --config interval.ms=30s --config metrics=org.apache.kafka.producer.',
      does: 'subscribe to metrics of clients',
    },
  ],
  async run({ cluster }, { type, name }, { dryRun, ...options }) {
    const resource = resourceNamed(type, name);
    const changes = configChanges(options);
    if (changes.length === 0)
      throw usageError(
        'configs alter (nothing to alter)',
        'add --config, --delete-config, --append-config or --subtract-config',
      );
    const connected = await cluster();
    const altered = await alterConfigs(connected, [{ resource, changes }], { dryRun });
    return Promise.all(
      altered.map(async (outcome) =>
        outcome.error ? { ...outcome, error: await explained(connected, resource, outcome.error) } : outcome,
      ),
    );
  },
});
