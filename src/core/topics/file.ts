/** Files that describe topics: reads them, with the line of each mistake, and writes them. */
import { KtError } from '../../base/errors.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../base/units.ts';
import { parseYaml, type YamlItem, type YamlNode, YamlReader } from '../../base/yaml-file.ts';
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
 * Reads one file.
 * @param path its name in errors
 * @throws KtError `usage` with the line of the mistake
 */
export async function readTopicsFile(text: string, path: string): Promise<readonly DesiredTopic[]> {
  const reader = new TopicsReader(path, await parseYaml(text, path));
  const root = reader.map(reader.root, 'the file', ['topics']);
  const topics = root.get('topics');
  if (!topics)
    throw reader.error(reader.root, 'there is no list of topics', 'begin the file with topics: and a list of - name: …');
  return reader.list(topics.node, 'topics', 'write - name: … for each topic').map((node) => reader.topic(node));
}

/**
 * The topics of all files.
 * @throws KtError `usage` for a topic that is in them twice
 */
export function allTopics(files: readonly (readonly DesiredTopic[])[]): readonly DesiredTopic[] {
  const seen = new Map<string, DesiredTopic>();
  for (const topic of files.flat()) {
    const other = seen.get(topic.topic);
    if (other)
      throw new KtError('usage', `${topic.at}: topic ${topic.topic} is already at ${other.at}`, {
        hint: 'leave one of them out',
      });
    seen.set(topic.topic, topic);
  }
  return [...seen.values()];
}

/** What a file of topics may contain. */
class TopicsReader extends YamlReader {
  topic(node: YamlNode): DesiredTopic {
    const items = this.map(node, 'a topic', topicKeys);
    const named = items.get('name');
    if (!named) throw this.error(node, 'a topic has no name', 'write - name: orders');
    const topic = this.text(named, 'name');
    const partitions = this.#count(items.get('partitions'), 'partitions');
    const replicationFactor = this.#count(items.get('replicationFactor'), 'replicationFactor');
    const config = [...this.map(items.get('configs')?.node, 'configs')].map(
      ([name, item]) => [name, this.#value(name, item)] as const,
    );
    try {
      const [spec] = topicSpecs([topic], { partitions, replicationFactor, config });
      return { topic, partitions, replicationFactor, configs: spec!.configs, at: this.at(named.key) };
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
      throw this.error(named.key, error.message, error.hint);
    }
  }

  #count(item: YamlItem | undefined, name: string): number | undefined {
    if (!item) return undefined;
    const text = this.text(item, name);
    const count = /^\d+$/.test(text) ? Number(text) : 0;
    if (count < 1) throw this.error(item.node ?? item.key, `${name}: '${text}' is not a number from 1`, `such as ${name}: 3`);
    return count;
  }

  /** A list config may be written as a list. */
  #value(name: string, item: YamlItem): string {
    if (!this.isList(item.node)) {
      const value = this.text(item, name);
      if (item.node === null || (value === '' && !isQuoted(item.node)))
        throw this.error(item.key, `${name} has no value`, `write one, or leave the line out`);
      return value;
    }
    const parts = this.list(item.node, name, `${name}: [compact, delete]`);
    return parts.map((node) => this.text({ node, key: item.key }, name)).join(',');
  }
}

function isQuoted(node: YamlNode): boolean {
  return /^QUOTE/.test((node as { type?: string } | undefined)?.type ?? '');
}

/** A topic to write. */
export interface ExportedTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string>;
}

/** The text of a file that describes these topics. */
export function topicsFileText(topics: readonly ExportedTopic[]): string {
  if (topics.length === 0) return 'topics: []\n';
  const blocks = topics.map(({ topic, partitions, replicationFactor, configs }) => {
    const settings = [...configs].map(([name, value]) => `      ${scalar(name)}: ${scalar(humanExact(name, value))}\n`);
    const head = `  - name: ${scalar(topic)}\n    partitions: ${partitions}\n    replicationFactor: ${replicationFactor}\n`;
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

/** Words that other YAML readers do not take for text. */
const otherTypes = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Plain where no reader can misread it, otherwise quoted as JSON, which is also YAML. */
function scalar(text: string): string {
  const plain = /^[A-Za-z][\w.-]*$/.test(text) && !otherTypes.test(text);
  if (plain || /^(-?[1-9]\d*|0)$/.test(text) || /^\d+(\.\d+)?[A-Za-z]+(\d+[A-Za-z]+)*$/.test(text)) {
    // 1e3 is a number to many.
    if (!/^\d+(\.\d+)?e\d+/i.test(text)) return text;
  }
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
