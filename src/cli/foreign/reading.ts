/** `kt tail` in the words of other tools: Kafka's console consumer, kcat, and those written in Go. */
import { consumerProperty } from './client-properties.ts';
import {
  argument,
  type Draft,
  flagged,
  globAsRegex,
  gone,
  goneWith,
  headerAs,
  listed,
  millisecondsAs,
  named,
  positionAs,
  positionOf,
  type Rules,
  timeAs,
  value,
} from './rules.ts';

/** Java's deserializers and kcat's pack letters, as formats of kt. */
export const formats: Readonly<Record<string, string>> = {
  StringDeserializer: 'string',
  IntegerDeserializer: 'int32',
  LongDeserializer: 'int64',
  DoubleDeserializer: 'double',
  UUIDDeserializer: 'uuid',
  ByteArrayDeserializer: 'hex',
  i$: 'int32',
  q$: 'int64',
  s: 'string',
  avro: 'avro',
  none: 'string',
  hex: 'hex',
  base64: 'base64',
};

const formatAs = (field: 'key' | 'value') =>
  value((text, { options }) => {
    const format = formats[text.split('.').at(-1)!];
    return format === undefined ? false : options.push(`--${field}-format`, format);
  });

const propertyPair = value((text, { properties }) => {
  const [, name, property] = /^([^=]+)=?(.*)$/s.exec(text) ?? [];
  if (!/^(print|key|line|null|headers|parse|ignore)\b/.test(name ?? '')) return false;
  return properties.set(name!, property!) !== undefined;
});

/** kafkactl's YAML of records, with the fields that were asked for before it. */
const asJson = ({ options, properties }: Draft) => properties.size > 0 && options.push('-o', 'json');

/** Where reading begins, and with kcl's and rpk's ranges also where it ends. */
const range = value((text, draft) => {
  const { options } = draft;
  if (text === 'yaml') return asJson(draft);
  const kcat = /^([se])@(\d+)$/.exec(text);
  if (kcat) return options.push(kcat[1] === 's' ? '--from' : '--to', `@${kcat[2]}`);
  if (text === ':end') return options.push('--from-beginning', '-e');
  const [, from, to] = /^(@?[^:]+):(@?[^:]+)$/.exec(text) ?? [];
  if (from !== undefined && !/^@\d{4}-.*T/.test(text)) {
    // An hour from the start on, which kt has no words for.
    if (/^@?\+?\d+[a-z]/.test(to!)) return false;
    const [start, end] = [positionOf(from), positionOf(to!)];
    return start === undefined || end === undefined
      ? false
      : options.push('--from', start, ...(end === 'end' ? ['-e'] : ['--to', end]));
  }
  const position = positionOf(text);
  if (position === undefined) return false;
  return position === 'beginning' ? options.push('--from-beginning') : options.push('--from', position);
});

export const partitions = value((text, { options }) => options.push(...listed(text).flatMap((each) => ['-p', each])));
const printing = (name: string) => ({
  takes: 'nothing' as const,
  read: (_: string, { properties }: Draft) => properties.set(name, 'true') !== undefined,
});

/** `-f` follows in kaf and names a format in kcat: what looks like no format is a topic that `tail -f` was given. */
const followOrFormat = {
  takes: 'maybe' as const,
  read(text: string, { args, options }: Draft) {
    if (text === 'json') return options.push('-o', 'json') > 0;
    if (/[%\\]/.test(text)) return options.push('-f', text) > 0;
    if (text !== '') args.push(text);
    return true;
  },
};

/** `kt tail` in the words of other tools. */
export const tailRules: Rules = {
  '--topic': argument,
  '-t': argument,
  '--topics': value((text, { args }) => args.push(...listed(text))),
  '--include': value((text, { args }) => args.push(`/${text}/`)),
  '--whitelist': value((text, { args }) => args.push(`/${text}/`)),
  '--offset': range,
  '-o': range,
  '--output': value((text, draft) =>
    text === 'yaml' ? asJson(draft) : text === 'json-each-row' && draft.options.push('-o', 'json'),
  ),
  '--offsets': fgellerOffsets(),
  '--partitions': partitions,
  '-p': partitions,
  '--max-messages': named('-n'),
  '--num': named('-n'),
  '--limit': named('-n'),
  '--max': named('-n'),
  '--from-latest': gone,
  '--count': named('-n'),
  '-c': named('-n'),
  '--tail': named('--last'),
  '--timeout-ms': millisecondsAs('--idle-timeout'),
  '--property': propertyPair,
  '--formatter-property': propertyPair,
  '--consumer-property': consumerProperty,
  '--command-property': consumerProperty,
  '--consumer.config': named('--command-config'),
  '--consumer-config': named('--command-config'),
  '--formatter': value((text) => text.endsWith('DefaultMessageFormatter')),
  '--key-deserializer': formatAs('key'),
  '--value-deserializer': formatAs('value'),
  '--key-encoding': formatAs('key'),
  '--value-encoding': formatAs('value'),
  '--encodekey': formatAs('key'),
  '--encodevalue': formatAs('value'),
  '--isolation-level': value((text, { options }) =>
    options.push('--isolation', text.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()),
  ),
  '--read-committed': flagged('--isolation', 'read_committed'),
  '--read-uncommitted': flagged('--isolation', 'read_uncommitted'),
  '--skip-message-on-error': gone,
  '--follow': gone,
  '-F': gone,
  '-f': followOrFormat,
  '--format': followOrFormat,
  '-r': gone,
  '--regex': gone,
  '--pretty-print': goneWith,
  '-J': flagged('-o', 'json'),
  '--json': flagged('-o', 'json'),
  '--raw': flagged('-o', 'value'),
  '--pretty': flagged('-o', 'pretty'),
  '--avro': flagged('--value-format', 'avro'),
  '-g': value((text, { options }) => options.push('--group', text, '--commit')),
  '--from-timestamp': timeAs('--from'),
  '--to-timestamp': timeAs('--to'),
  '--start': positionAs('--from'),
  '--begin': flagged('--from-beginning'),
  '--latest': gone,
  '--no-follow': flagged('-e'),
  '--since': positionAs('--from'),
  '--until': positionAs('--to'),
  '--filter-key': value((text, { options }) => options.push('--key', globAsRegex(text))),
  '--filter-value': value((text, { options }) => options.push('--value', globAsRegex(text))),
  '--filter-header': value((text, { options }) => {
    const [, name, glob] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    return name === undefined ? false : options.push('--header', `${name}=${globAsRegex(glob!)}`);
  }),
  '--header': headerAs('--header'),
  '--grep': value((text, { options }) => {
    const [, field, pattern] = /^(k:|v:)?(.*)$/s.exec(text)!;
    return options.push(field === 'k:' ? '--key' : '--value', pattern!);
  }),
  '--keys': printing('print.key'),
  '--print-keys': printing('print.key'),
  '--print-timestamps': printing('print.timestamp'),
  '--print-partitions': printing('print.partition'),
  '--print-headers': printing('print.headers'),
  '--print-all': flagged('-o', 'json'),
  '--proto-file': named('--proto'),
  '--proto-import-path': named('--proto-path'),
  '--protoset-file': named('--descriptor-set'),
  '--value-proto-type': named('--message'),
  '--key-proto-type': named('--key-message'),
  '--proto-message': named('--message'),
  '-u': gone,
  '--share-ack-type': named('--ack'),
};

/** Groups of Kafka's own consumer and of kcat commit as they read. */
const committing = value((text, { options }) => options.push('--group', text, '--commit'));
export const consoleRules: Rules = { '--group': committing, '--group-id': committing };

const printedBefore = [
  ['print.timestamp', 'CreateTime:%T'],
  ['print.partition', 'Partition:%p'],
  ['print.offset', 'Offset:%o'],
  ['print.headers', '%h'],
  ['print.key', '%k'],
] as const;

/** `--property print.key=true` and the like as a format, in the order of Kafka's DefaultMessageFormatter. */
export function printed({ options, properties }: Draft): boolean {
  const isOn = (name: string, otherwise = 'false') => (properties.get(name) ?? otherwise) === 'true';
  const fields: string[] = printedBefore.filter(([name]) => isOn(name)).map(([, token]) => token);
  if (isOn('print.value', 'true')) fields.push('%v');
  const odd = [...properties.keys()].some((name) => !/^print\.|^(key|line)\.separator$/.test(name));
  if (odd || (options.includes('-f') && properties.size > 0)) return false;
  if (properties.size === 0 || options.includes('-o')) return true;
  const escaped = (text: string) => text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('%', '%%');
  const separator = escaped(properties.get('key.separator') ?? '\t');
  options.push('-f', `${fields.join(separator)}${escaped(properties.get('line.separator') ?? '\n')}`);
  return true;
}

/** A consumer that begins at the oldest record unless told otherwise, as kcat's and rpk's do. */
export function fromStart(draft: Draft): boolean {
  const starts = ['--from', '--from-beginning', '--last', '--group'];
  if (!draft.options.some((option) => starts.includes(option))) draft.options.unshift('--from-beginning');
  return printed(draft);
}

/** fgeller/kt: `0=1:2` is partition 0 from offset 1 to 2, both included; `all=newest-1:` the last record of each. */
function fgellerOffsets() {
  return value((text, { options }) => {
    const [, where = 'all', from, range, to] =
      /^(?:(\d+|all)(?:=|$))?(?:(oldest|newest(?:-\d+)?|\d+)?(:)?(\d+|newest)?)?$/.exec(text) ?? [];
    if (range === undefined && from === undefined && text !== 'all') return false;
    if (where !== 'all') options.push('-p', where);
    const start = from?.replace(/^newest-/, '-') ?? 'oldest';
    if (start === 'oldest') options.push('--from-beginning');
    else options.push('--from', start === 'newest' ? 'end' : start);
    if (to !== undefined && to !== 'newest') options.push('--to', String(Number(to) + 1));
    if (to === 'newest') options.push('-e');
    return true;
  });
}
