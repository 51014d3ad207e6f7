/** `npm run protocol`: Kafka's own message definitions, out of its jars → the descriptors, types and tables of src/kafka/wire/generated. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kafkaVersion = '4.3.1';
const cache = join(import.meta.dirname, '../node_modules/.cache/kt', `kafka-messages-${kafkaVersion}`);
const target = join(import.meta.dirname, '../src/kafka/wire/generated');

/** What kt sends; an API is added here, then `npm run protocol` is run. */
const apis = [
  'AddOffsetsToTxn',
  'AddPartitionsToTxn',
  'AlterClientQuotas',
  'AlterPartitionReassignments',
  'AlterReplicaLogDirs',
  'AlterShareGroupOffsets',
  'AlterUserScramCredentials',
  'ApiVersions',
  'ConsumerGroupDescribe',
  'ConsumerGroupHeartbeat',
  'CreateAcls',
  'CreatePartitions',
  'CreateTopics',
  'DeleteAcls',
  'DeleteGroups',
  'DeleteRecords',
  'DeleteShareGroupOffsets',
  'DeleteTopics',
  'DescribeAcls',
  'DescribeClientQuotas',
  'DescribeCluster',
  'DescribeConfigs',
  'DescribeGroups',
  'DescribeLogDirs',
  'DescribeProducers',
  'DescribeQuorum',
  'DescribeShareGroupOffsets',
  'DescribeTopicPartitions',
  'DescribeTransactions',
  'DescribeUserScramCredentials',
  'ElectLeaders',
  'EndTxn',
  'Fetch',
  'FindCoordinator',
  'Heartbeat',
  'IncrementalAlterConfigs',
  'InitProducerId',
  'JoinGroup',
  'LeaveGroup',
  'ListConfigResources',
  'ListGroups',
  'ListOffsets',
  'ListPartitionReassignments',
  'ListTransactions',
  'Metadata',
  'OffsetCommit',
  'OffsetDelete',
  'OffsetFetch',
  'OffsetForLeaderEpoch',
  'Produce',
  'SaslAuthenticate',
  'SaslHandshake',
  'ShareGroupDescribe',
  'StreamsGroupDescribe',
  'SyncGroup',
  'TxnOffsetCommit',
  'UpdateFeatures',
  'WriteTxnMarkers',
];

/** Messages inside other messages' bytes, each with its version in front. */
const messages = ['ConsumerProtocolAssignment', 'ConsumerProtocolSubscription'];

/** Who writes records into a topic of Kafka's own; each numbers its record types itself, and has its definitions in a jar of its own. */
const coordinators = ['group', 'share', 'transaction'] as const;

interface Field {
  name: string;
  type: string;
  versions?: string;
  nullableVersions?: string;
  taggedVersions?: string;
  flexibleVersions?: string;
  tag?: number;
  /** The text `null` for null; JSON's null is as good as none. */
  default?: string | number | boolean | null;
  ignorable?: boolean;
  fields?: Field[];
}

interface Message {
  /** Of a coordinator's record its type. */
  apiKey?: number;
  type: string;
  name: string;
  validVersions: string;
  flexibleVersions: string;
  latestVersionUnstable?: boolean;
  fields: Field[];
  commonStructs?: { name: string; fields: Field[] }[];
}

type Range = readonly [min: number, max: number];
const nowhere: Range = [0, -1];
const highest = 0x7fff;

function classpath(): string {
  const libs = join(cache, 'libs');
  if (!existsSync(libs)) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'pom.xml'), pom());
    execFileSync(
      'mvn',
      ['-q', '-B', '-f', join(cache, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`],
      {
        stdio: 'inherit',
      },
    );
  }
  return join(libs, '*');
}

function pom(): string {
  const alone = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  const dependency = (name: string, extra = '') =>
    `<dependency><groupId>org.apache.kafka</groupId><artifactId>${name}</artifactId><version>${kafkaVersion}</version>${extra}</dependency>\n`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>kt</groupId><artifactId>protocol</artifactId>
<version>1</version><dependencies>
${dependency('kafka-clients')}${coordinators.map((name) => dependency(`kafka-${name}-coordinator`, alone)).join('')}</dependencies></project>\n`;
}

/** Unpacks a jar's message definitions; returns where they are. */
function unpack(artifact: string): string {
  const directory = join(cache, artifact);
  mkdirSync(directory, { recursive: true });
  execFileSync('jar', ['xf', join(cache, 'libs', `${artifact}-${kafkaVersion}.jar`), 'common/message'], { cwd: directory });
  return join(directory, 'common/message');
}

/** The definitions are JSON with comment lines. */
function readMessage(name: string, directory = clients): Message {
  const text = readFileSync(join(directory, `${name}.json`), 'utf8');
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, '').replace(/("(?:[^"\\]|\\.)*")|\/\/.*$/gm, (_all, string) => string ?? ''));
}

function rangeOf(text: string | undefined): Range {
  if (text === undefined || text === 'none') return nowhere;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (!match) throw new Error(`not a version range: ${text}`);
  const min = Number(match[1]);
  return [min, match[2] ? highest : Number(match[3] ?? min)];
}

function lowerFirst(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1);
}

function isList(field: Field): boolean {
  return field.type.startsWith('[]');
}

/** `[name, type, min, max, nullMin, nullMax, tagMin, tag, default, ignorable, fields?]`; see src/kafka/wire/schema.ts, which reads it. */
function describeField(field: Field, message: Message): unknown[] {
  const [min, max] = rangeOf(field.versions ?? field.taggedVersions ?? '0+');
  const [nullMin, nullMax] = rangeOf(field.nullableVersions);
  const fields = fieldsOf(field, message);
  const [tagMin, tagMax] = field.taggedVersions === undefined ? [-1, highest] : rangeOf(field.taggedVersions);
  if (tagMax !== highest || field.flexibleVersions !== undefined)
    throw new Error(`${message.name}.${field.name}: a kind of field that the codec does not know`);
  return [
    lowerFirst(field.name),
    fields ? (isList(field) ? '[]struct' : 'struct') : field.type,
    min,
    max,
    nullMin,
    nullMax,
    tagMin,
    field.tag ?? -1,
    field.default == null ? null : String(field.default),
    field.ignorable ? 1 : 0,
    ...(fields ? [fields.map((inner) => describeField(inner, message))] : []),
  ];
}

const primitives = new Set([
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'string',
  'bytes',
  'records',
  'uuid',
]);

function fieldsOf(field: Field, message: Message): Field[] | undefined {
  const element = field.type.replace(/^\[\]/, '');
  if (primitives.has(element)) return undefined;
  const fields = field.fields ?? message.commonStructs?.find(({ name }) => name === element)?.fields;
  if (!fields) throw new Error(`${message.name}: no struct ${element}`);
  return fields;
}

function describeMessage(message: Message): unknown[] {
  const [min, max] = rangeOf(message.validVersions);
  const [flexible] = message.flexibleVersions === 'none' ? [highest + 1] : rangeOf(message.flexibleVersions);
  return [
    min,
    message.latestVersionUnstable ? max - 1 : max,
    flexible,
    message.fields.map((field) => describeField(field, message)),
  ];
}

const typeNames: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int64: 'bigint',
  string: 'string',
  uuid: 'string',
  bytes: 'Buffer',
};

function typeOf(field: Field, message: Message, request: boolean, indent: string): string {
  const element = field.type.replace(/^\[\]/, '');
  const fields = fieldsOf(field, message);
  let type = fields ? structType(fields, message, request, indent) : (typeNames[element] ?? 'number');
  if (element === 'records') type = request ? 'Buffer | readonly Buffer[]' : 'Buffer';
  if (isList(field)) type = `readonly ${type}[]`;
  return field.nullableVersions === undefined ? type : `${type} | null`;
}

/** A request may leave out what has a default (false for a bool) or is not in every version; an answer always has every field. */
function structType(fields: readonly Field[], message: Message, request: boolean, indent: string): string {
  const [validMin, validMax] = rangeOf(message.validVersions);
  const inside = `${indent}  `;
  const lines = fields.map((field) => {
    const [min, max] = rangeOf(field.versions ?? '0+');
    const optional =
      request &&
      (field.type === 'bool' ||
        field.default != null ||
        field.taggedVersions !== undefined ||
        min > validMin ||
        max < validMax);
    return `${inside}readonly ${lowerFirst(field.name)}${optional ? '?' : ''}: ${typeOf(field, message, request, inside)};\n`;
  });
  return lines.length === 0 ? 'Record<never, never>' : `{\n${lines.join('')}${indent}}`;
}

const tablesProgram = `import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.errors.RetriableException;
class KafkaTables {
  public static void main(String[] args) {
    for (Errors error : Errors.values())
      System.out.println("error\\t" + error.code() + "\\t" + error.name() + "\\t" + (error.exception() instanceof RetriableException) + "\\t" + error.message());
    for (ApiKeys api : ApiKeys.values())
      System.out.println("api\\t" + api.id + "\\t" + api.name);
  }
}
`;

/** Kafka's errors and APIs as its own classes list them: rows of texts, without the word each begins with. */
function kafkaTables(libs: string): Readonly<Record<'error' | 'api', readonly (readonly string[])[]>> {
  const source = join(cache, 'KafkaTables.java');
  writeFileSync(source, tablesProgram);
  const lines = execFileSync('java', ['-cp', libs, source], { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n');
  const rows = lines.map((line) => line.split('\t'));
  const of = (kind: string) => rows.filter(([first]) => first === kind).map(([, ...row]) => row);
  return { error: of('error'), api: of('api') };
}

function errorRow([, , retriable, ...message]: readonly string[]): string {
  const text = message.join(' ').replace(/\s+/g, ' ').replace(/\.$/, '');
  return `  [${retriable === 'true' ? 1 : 0}, ${quoted(text)}],`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function header(what: string): string {
  return `/** ${what} Generated by \`npm run protocol\` from Apache Kafka ${kafkaVersion} (Apache-2.0); do not edit. */\n`;
}

/** The rows of one coordinator's record types: `1: ['OffsetCommit', key, value],`. */
function recordRows(coordinator: string): string {
  const directory = unpack(`kafka-${coordinator}-coordinator`);
  const keys = readdirSync(directory)
    .map((file) => readMessage(file.replace(/\.json$/, ''), directory))
    .filter(({ type }) => type === 'coordinator-key')
    .sort((a, b) => a.apiKey! - b.apiKey!);
  return keys
    .map((key) => {
      const name = key.name.replace(/Key$/, '');
      const [keyText, valueText] = [key, readMessage(`${name}Value`, directory)].map((message) =>
        quoted(JSON.stringify(describeMessage(message))),
      );
      return `    ${key.apiKey}: ['${name}', ${keyText}, ${valueText}],`;
    })
    .join('\n');
}

const libs = classpath();
const clients = unpack('kafka-clients');
mkdirSync(target, { recursive: true });

const pairs = apis.map((api) => ({ api, request: readMessage(`${api}Request`), response: readMessage(`${api}Response`) }));
const inner = messages.map((name) => ({ name, message: readMessage(name) }));

writeFileSync(
  join(target, 'descriptors.ts'),
  `${header('Kafka’s messages, one JSON text each, parsed when it is first used.')}
export const apiKeys = {
${pairs.map(({ api, request }) => `  ${api}: ${request.apiKey},`).join('\n')}
} as const;

/** Lowest and highest version of each request. */
export const versionRanges: Readonly<Record<keyof typeof apiKeys, readonly [number, number]>> = {
${pairs.map(({ api, request }) => `  ${api}: [${describeMessage(request).slice(0, 2).join(', ')}],`).join('\n')}
};

export const requests: Readonly<Record<keyof typeof apiKeys, string>> = {
${pairs.map(({ api, request }) => `  ${api}: ${quoted(JSON.stringify(describeMessage(request)))},`).join('\n')}
};

export const responses: Readonly<Record<keyof typeof apiKeys, string>> = {
${pairs.map(({ api, response }) => `  ${api}: ${quoted(JSON.stringify(describeMessage(response)))},`).join('\n')}
};

export const messages = {
${inner.map(({ name, message }) => `  ${name}: ${quoted(JSON.stringify(describeMessage(message)))},`).join('\n')}
} as const;
`,
);

writeFileSync(
  join(target, 'types.ts'),
  `${header('What goes into each request and comes out of each answer.')}
export interface RequestBodies {
${pairs.map(({ api, request }) => `  ${api}: ${structType(request.fields, request, true, '  ')};`).join('\n')}
}

export interface ResponseBodies {
${pairs.map(({ api, response }) => `  ${api}: ${structType(response.fields, response, false, '  ')};`).join('\n')}
}

export interface Messages {
${inner.map(({ name, message }) => `  ${name}: ${structType(message.fields, message, false, '  ')};`).join('\n')}
}

export type ApiName = keyof RequestBodies;
`,
);

writeFileSync(
  join(target, 'internals.ts'),
  `${header('Records of Kafka’s own topics by coordinator and record type, each with its name and the descriptors of its key and value.')}
export type Coordinator = ${coordinators.map(quoted).join(' | ')};

export type InternalRecord = readonly [name: string, key: string, value: string];

export const internalRecords: Readonly<Record<Coordinator, Readonly<Record<number, InternalRecord>>>> = {
${coordinators.map((coordinator) => `  ${coordinator}: {\n${recordRows(coordinator)}\n  },`).join('\n')}
};
`,
);

const tables = kafkaTables(libs);

writeFileSync(
  join(target, 'errors.ts'),
  `${header('Kafka’s errors.')}
/** The code of each error, by Kafka’s name for it. */
export const ErrorCode = {
${tables.error.map(([code, name]) => `  ${name}: ${code},`).join('\n')}
} as const;

/** What each error means, in the order of \`ErrorCode\`. */
export const errorMeanings: readonly (readonly [retriable: 0 | 1, message: string])[] = [
${tables.error.map(errorRow).join('\n')}
];
`,
);

writeFileSync(
  join(target, 'api-names.ts'),
  `${header('What Kafka calls every API a broker may have, by API key: also those that kt does not speak.')}
export const apiNames: Readonly<Record<number, string>> = {
${tables.api.map(([key, name]) => `  ${key}: ${quoted(name!)},`).join('\n')}
};
`,
);
