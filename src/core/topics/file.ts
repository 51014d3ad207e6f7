/** The section `topics:` of files that say how a cluster is to be: reads it, with the line of each mistake, and writes it. */
import { KtError } from '../../base/errors.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../base/units.ts';
import type { YamlItem, YamlNode, YamlReader } from '../../base/yaml-file.ts';
import { yamlScalar } from '../../base/yaml-scalar.ts';
import { topicSpecs } from './spec.ts';

/** A topic as a file wants it. */
export interface DesiredTopic {
  readonly topic: string;
  /** Undefined: as many as now; the brokers' default for a new topic. */
  readonly partitions: number | undefined;
  readonly replicationFactor: number | undefined;
  /** In the units of the broker. */
  readonly configs: ReadonlyMap<string, string>;
  /** Where it is in the file, for errors: `topics.yaml, line 4`. */
  readonly at: string;
}

const topicKeys = ['name', 'partitions', 'replicationFactor', 'configs'];

/**
 * The topics of one file.
 * @throws KtError `usage` with the line of the mistake
 */
export function readTopics(reader: YamlReader, section: YamlItem): readonly DesiredTopic[] {
  return reader.list(section.node, 'topics', 'write - name: … for each topic').map((node) => readTopic(reader, node));
}

function readTopic(reader: YamlReader, node: YamlNode): DesiredTopic {
  const items = reader.map(node, 'a topic', topicKeys);
  const named = items.get('name');
  if (!named) throw reader.error(node, 'a topic has no name', 'write - name: orders');
  const topic = reader.text(named, 'name');
  const partitions = readCount(reader, items.get('partitions'), 'partitions');
  const replicationFactor = readCount(reader, items.get('replicationFactor'), 'replicationFactor');
  const config = [...reader.map(items.get('configs')?.node, 'configs')].map(
    ([name, item]) => [name, readConfig(reader, name, item)] as const,
  );
  try {
    const [spec] = topicSpecs([topic], { partitions, replicationFactor, config });
    return { topic, partitions, replicationFactor, configs: spec!.configs, at: reader.at(named.key) };
  } catch (error) {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    throw reader.error(named.key, error.message, error.hint);
  }
}

function readCount(reader: YamlReader, item: YamlItem | undefined, name: string): number | undefined {
  if (!item) return undefined;
  const text = reader.text(item, name);
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1) throw reader.error(item.node ?? item.key, `${name}: '${text}' is not a number from 1`, `such as ${name}: 3`);
  return count;
}

/** A list config may be written as a list. */
function readConfig(reader: YamlReader, name: string, item: YamlItem): string {
  if (reader.isList(item.node)) return reader.texts(item, name).join(',');
  if (reader.isBlank(item)) throw reader.error(item.key, `${name} has no value`, `write one, or leave the line out`);
  return reader.text(item, name);
}

/** A topic to write. */
export interface ExportedTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string>;
}

/** The section's text. */
export function topicsText(topics: readonly ExportedTopic[]): string {
  if (topics.length === 0) return 'topics: []\n';
  const blocks = topics.map(({ topic, partitions, replicationFactor, configs }) => {
    const settings = [...configs].map(([name, value]) => `      ${yamlScalar(name)}: ${yamlScalar(humanExact(name, value))}\n`);
    const head = `  - name: ${yamlScalar(topic)}\n    partitions: ${partitions}\n    replicationFactor: ${replicationFactor}\n`;
    return `${head}${settings.length > 0 ? `    configs:\n${settings.join('')}` : ''}`;
  });
  return `topics:\n${blocks.join('')}`;
}

/** Human units where they are exact: `7d`, but 1048588 bytes stay. */
function humanExact(name: string, value: string): string {
  const number = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number) || number === 0 || number < -1) return value;
  const [format, parse] = name.endsWith('.ms')
    ? [formatDuration, parseDuration]
    : name.endsWith('.bytes')
      ? [formatSize, parseSize]
      : [];
  const text = format?.(number);
  return text !== undefined && parse!(text) === number ? text : value;
}
