/** `kt configs describe`: what is set on topics, brokers, loggers, groups and client metrics, and where it comes from. */

import { argument, flag, optionalArgument } from '../../cli/define.ts';
import type { Block, Column, TableShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { humanConfigValue } from '../../core/configs/names.ts';
import {
  type DescribedConfigs,
  type DescribedResource,
  describeResources,
  resourceNamed,
} from '../../core/configs/resources.ts';
import { noteIfPartial } from '../visibility.ts';
import { types } from './options.ts';

interface Row {
  readonly resource: DescribedResource;
  readonly config: string;
  readonly entry: DescribedResource['configs'][string];
}

const columns: readonly Column<Row>[] = [
  { header: 'TYPE', get: ({ resource }) => resource.type, wide: true },
  { header: 'NAME', get: ({ resource }) => resource.name, wide: true },
  { header: 'CONFIG', get: ({ config }) => config },
  { header: 'VALUE', get: valueText, tone: ({ entry }) => (entry.sensitive ? 'dim' : undefined) },
  { header: 'SOURCE', get: ({ entry }) => entry.source, tone: () => 'dim' },
  { header: 'SENSITIVE', get: ({ entry }) => entry.sensitive, wide: true },
  { header: 'READ-ONLY', get: ({ entry }) => entry.readOnly, wide: true },
  { header: 'DOCUMENTATION', get: ({ entry }) => entry.documentation, wide: true },
];

const shows: TableShape<DescribedConfigs> = {
  kind: 'table',
  tables: [columns],
  blocks: ({ resources }) => resources.map(block),
  names: ({ resources }) => resources.flatMap(({ configs }) => Object.keys(configs)),
  json: ({ resources }) => resources,
  problems: ({ problems }) => problems,
  fields: {
    type: 'topic, broker, broker-logger, group or client-metrics',
    name: 'name of the topic, group or subscription, or id of the broker; default for what all brokers share',
    'configs.*.value': 'value of the config; null when sensitive',
    'configs.*.source': 'where it comes from, in Kafka’s words: DYNAMIC_TOPIC_CONFIG is one set on the topic',
    'configs.*.sensitive': 'whether the cluster hides the value',
    'configs.*.readOnly': 'whether it cannot be changed while the broker runs',
    'configs.*.documentation': 'what the config is for, in the broker’s words; null when the broker does not say',
  },
};

export const configsDescribe = command({
  name: 'configs describe',
  summary: 'Show configs of topics, brokers, loggers, groups and client metrics',
  description:
    'Shows what is set on the topic, group or subscription itself; for a broker also what is set for all brokers and in its file. Without a name: everything of that kind with configs of its own. -o wide and json also say what each config is for. Secret values are never shown.',
  args: {
    type: argument('type', 'what kind of resource has the configs', { choices: types }),
    name: optionalArgument(
      'name',
      'name of the topic, group or subscription, id of the broker, or default for what all brokers share',
      { complete: 'resource' },
    ),
  },
  options: { all: flag('--all', 'include defaults, not only what is set') },
  shows,
  examples: [
    { line: 'kt configs describe topic orders', does: 'show the configs set on a topic' },
    { line: 'kt configs describe broker 1 --all -o wide', does: 'show every config of a broker and what it is for' },
    { line: 'kt configs describe broker default', does: 'show what is set for all brokers' },
    { line: 'kt configs describe broker-logger 1', does: 'show the levels of the loggers of a broker' },
  ],
  async run(context, { type, name }, { all }) {
    const { cluster, note } = context;
    const named = name === undefined ? undefined : resourceNamed(type, name);
    const described = await describeResources(await cluster(), type, named, all);
    if (type === 'topic' && name === undefined) await noteIfPartial(context, 'topics');
    if (described.problems.length === 0 && described.resources.every(({ configs }) => Object.keys(configs).length === 0))
      note(
        name === undefined
          ? `no ${type} has configs of its own`
          : `nothing is set on ${type} ${name}${all ? '' : '; --all shows the defaults'}`,
      );
    return described;
  },
});

function block(resource: DescribedResource): Block {
  const rows = Object.entries(resource.configs).map(([config, entry]): Row => ({ resource, config, entry }));
  return { heading: [[resource.type, resource.name, 'strong']], columns, hidesEmpty: true, rows };
}

function valueText({ config, entry: { value, sensitive } }: Row): string | null {
  if (sensitive) return '(sensitive)';
  const human = humanConfigValue(config, value);
  return human ? `${value} (${human})` : value;
}
