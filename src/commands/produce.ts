/** `kt produce`: lines, JSON or messages from the command line to a topic. */
import { accessSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { argument, command, flag, option, repeatable } from '../cli/define.ts';
import { choice, delimiter, keyValue, positiveNumber, rate, text, time, wholeNumber } from '../cli/options.ts';
import type { LinesShape } from '../cli/shape.ts';
import type { Context, ProgressBar } from '../context.ts';
import { DeadLetter } from '../core/produce/dead-letter.ts';
import { dryRun } from '../core/produce/dry-run.ts';
import { fileInput } from '../core/produce/file-input.ts';
import { jsonRecords } from '../core/produce/json-records.ts';
import { lineRecords } from '../core/produce/line-records.ts';
import { type Load, loadInput, loadRecords, loadSplitter } from '../core/produce/load.ts';
import { linesText, type ProduceRequest, type ProduceSummary, produceRecords } from '../core/produce/produce.ts';
import { type Delivery, Reports } from '../core/produce/reports.ts';
import { chunks, splitter } from '../core/produce/split.ts';
import { compileTemplate } from '../core/produce/template.ts';
import { KtError, usageError } from '../errors.ts';
import { compressionNames } from '../kafka/records/compression/index.ts';
import { encodeHeaders } from '../kafka/records/headers.ts';
import { formatSize } from '../units.ts';
import { defaultValueTemplate, LoadAccount, type LoadOptions, loadOf } from './produce/load.ts';

const inputs = ['lines', 'json', 'raw'] as const;
const acks = ['all', '1', '0'] as const;
const partitioners = ['java', 'librdkafka', 'round-robin'] as const;
/** Longer than a crashed leader takes to be replaced (9 s by default). */
const deliveryTimeoutMs = 30_000;

const shows: LinesShape<Delivery> = {
  kind: 'lines',
  text: ({ topic, partition, offset }) => `Delivered to ${topic} [${partition}]${offset < 0n ? '' : ` at offset ${offset}`}`,
  json: (delivery) => delivery,
  fields: {
    line: 'line of the input, from 1; with -m the number of the message',
    topic: 'topic written to',
    partition: 'partition written to',
    offset: 'offset of the record; -1 when the broker was not asked (--acks 0)',
  },
};

export const produce = command({
  name: 'produce',
  summary: 'Write records to a topic',
  description: [
    'Reads records from stdin, one per line, until its end. Writing is idempotent with acks from all in-sync replicas unless told otherwise: what is sent again after a fault is stored once, in order.',
    'A line that was not acknowledged is named on stderr, and the exit code is 3. A line that cannot be read ends the input there: what stands before it is written, the exit code is 2.',
    'With --dead-letter the records that were not acknowledged are kept as JSON lines, also after Ctrl-C or a lost connection; those that may have been written are among them. The file is created only when there are any.',
    'With --transactional-id all of the input is one transaction: committed when every record was acknowledged, aborted when a line cannot be read, a record is refused or Ctrl-C comes; readers of committed records see all of it or nothing. Whoever starts with the same id takes over: it aborts what the other left open, and the other can write no more.',
    'For trials, --count makes records up. Templates are text with generators: {{seq}} counts from 1, {{time}} is now in epoch milliseconds, {{iso}} in ISO 8601, {{uuid}} a random UUID, {{choice a|b|c}} one of the texts, {{int 1 100}} a whole number from 1 to 100, {{text 40}} forty random letters; \\{{ stands for two braces. Latency is told as percentiles of all records, from when the first record of a batch was made to its acknowledgement.',
    'With -i json each line is an object as kt tail -o json writes it: key, value, headers, timestamp; null is null, *Encoding says how bytes are written.',
  ].join('\n\n'),
  args: { topic: argument('topic', 'topic to write to', { complete: 'topic' }) },
  options: {
    message: repeatable('-m, --message <value>', 'a record with this value, instead of reading stdin', String),
    key: option('-k, --key <key>', 'key of every record', String),
    keySeparator: option('-K, --key-separator <text>', 'each line is a key, this separator and a value', delimiter),
    header: repeatable('-H, --header <name=value>', 'a header of every record', (pair) => keyValue(pair, 'trace-id=42')),
    file: option('--file <file>', 'read from a file instead of stdin', text, { complete: 'file' }),
    input: option('-i, --input <format>', 'what the input holds', choice(inputs), { choices: inputs, defaultText: 'lines' }),
    recordSeparator: option('--record-separator <text>', 'what stands between records', delimiter, {
      defaultText: 'a newline',
    }),
    nullMarker: option('-Z, --null-marker <text>', 'a key or value of exactly this text is null', String),
    tombstone: flag('--tombstone', 'write one record with a null value; needs --key'),
    partition: option('--partition <partition>', 'partition of every record', wholeNumber),
    allowTopic: flag('--allow-topic', 'write each record of JSON input to the topic that it names'),
    partitionFromInput: flag('--partition-from-input', 'take the partition from JSON input'),
    timestamp: option('--timestamp <time>', 'timestamp of every record', time, { defaultText: 'now' }),
    partitioner: option('--partitioner <name>', 'how keys find their partition', choice(partitioners), {
      choices: partitioners,
      defaultText: 'java',
    }),
    acks: option('--acks <acks>', 'who must have a record before it counts as written', choice(acks), {
      choices: acks,
      defaultText: 'all',
    }),
    compression: option('--compression <codec>', 'how batches are compressed', choice(compressionNames), {
      choices: compressionNames,
      defaultText: 'none',
    }),
    retries: option('--retries <count>', 'how often a batch is sent again', wholeNumber, { defaultText: 'for 30s' }),
    transactionalId: option('--transactional-id <id>', 'write all of the input in one transaction, or nothing', text),
    transactionSize: option('--transaction-size <count>', 'commit after each so many records', positiveNumber, {
      defaultText: 'all of the input',
    }),
    deadLetter: option('--dead-letter <file>', 'keep the records that were not written in this new file', text, {
      complete: 'file',
    }),
    count: option(
      '--count <count>',
      'make up so many records instead of reading stdin, and tell throughput and latency',
      positiveNumber,
    ),
    valueTemplate: option('--value-template <text>', 'what made up records hold, with generators', compileTemplate, {
      defaultText: defaultValueTemplate,
    }),
    keyTemplate: option('--key-template <text>', 'their keys', compileTemplate, { defaultText: 'no key' }),
    rate: option('--rate <rate>', 'write this many records per second or minute, evenly: 100/s, 30/m', rate, {
      defaultText: 'as fast as it goes',
    }),
    dryRun: flag('--dry-run', 'read and check all of the input, say what would be written, and send nothing'),
    report: flag('--report', 'print where each record was written'),
  },
  shows,
  examples: [
    { line: 'kt produce orders --file orders.txt', does: 'one record per line of a file' },
    { line: 'kt produce orders -K : --compression snappy', does: 'lines of key:value' },
    { line: 'kt produce orders -k order-1 -m \'{"total":12}\' --report', does: 'one record, and where it was written' },
    { line: 'kt produce orders -i json', does: 'what kt tail -o json wrote' },
    { line: 'kt produce orders -k order-1 --tombstone', does: 'delete a key of a compacted topic' },
    {
      line: 'kt produce orders --file orders.txt --dead-letter failed.jsonl',
      does: 'keeps what could not be written, to be written later with -i json',
    },
    { line: 'kt produce orders --file orders.txt --transactional-id loader-1', does: 'all of the file, or nothing of it' },
    {
      line: `kt produce orders --count 10000 --rate 500/s --key-template 'user-{{int 1 50}}' --value-template '{"id":"{{uuid}}","total":{{int 1 900}}}'`,
      does: 'a trial load of 20 seconds, with throughput and latency',
    },
  ],
  async run(context, { topic }, options) {
    const load = loadOf(options);
    const request = requestOf(topic, options, load);
    const input = load ? loadInput(load) : inputOf(context, options);
    if (options.dryRun) {
      await rehearsal(context, request, input);
      return nothing();
    }
    const deadLetter = options.deadLetter === undefined ? undefined : new DeadLetter(options.deadLetter);
    return deliveries(context, request, input, options.report, deadLetter, load && new LoadAccount(context, load));
  },
});

interface ProduceOptions extends LoadOptions {
  readonly message: readonly string[];
  readonly key: string | undefined;
  readonly keySeparator: Buffer | undefined;
  readonly header: readonly (readonly [string, string])[];
  readonly file: string | undefined;
  readonly input: (typeof inputs)[number] | undefined;
  readonly recordSeparator: Buffer | undefined;
  readonly nullMarker: string | undefined;
  readonly tombstone: boolean;
  readonly partition: number | undefined;
  readonly partitionFromInput: boolean;
  readonly allowTopic: boolean;
  readonly timestamp: number | undefined;
  readonly partitioner: (typeof partitioners)[number] | undefined;
  readonly acks: (typeof acks)[number] | undefined;
  readonly compression: (typeof compressionNames)[number] | undefined;
  readonly retries: number | undefined;
  readonly transactionalId: string | undefined;
  readonly transactionSize: number | undefined;
  readonly deadLetter: string | undefined;
  readonly report: boolean;
}

function requestOf(topic: string, options: ProduceOptions, load: Load | undefined): ProduceRequest {
  refuseContradictions(options);
  const { input = 'lines', acks: who = 'all' } = options;
  const fixedKey = options.key === undefined ? undefined : Buffer.from(options.key);
  const read = load
    ? loadRecords(fixedKey)
    : input === 'json'
      ? jsonRecords({ partitionFromInput: options.partitionFromInput, topicFromInput: options.allowTopic, fixedKey })
      : lineRecords({
          keySeparator: options.keySeparator,
          nullMarker: options.tombstone ? Buffer.alloc(0) : bytesOf(options.nullMarker),
          fixedKey,
        });
  const separator = input === 'raw' ? Buffer.alloc(0) : (options.recordSeparator ?? Buffer.from('\n'));
  const fromArguments = options.message.length > 0 || options.tombstone;
  return {
    topic,
    split: load ? loadSplitter : fromArguments ? chunks : (onPiece) => splitter(separator, onPiece),
    read,
    headers: headersOf(options.header),
    partition: options.partition,
    timestamp: options.timestamp,
    partitioner: options.partitioner ?? 'java',
    delivery: {
      acks: who === 'all' ? -1 : who === '1' ? 1 : 0,
      idempotent: who === 'all',
      compression: options.compression ?? 'none',
      retries: options.retries ?? Number.POSITIVE_INFINITY,
      deliveryTimeoutMs,
      transactionalId: options.transactionalId,
    },
    transactionSize: options.transactionSize,
    recordsPerSecond: options.rate,
    severalTopics: options.allowTopic,
  };
}

function refuseContradictions(options: ProduceOptions): void {
  const sources = [
    options.message.length > 0 && '-m',
    options.file !== undefined && '--file',
    options.tombstone && '--tombstone',
    options.count !== undefined && '--count',
  ].filter(Boolean);
  if (sources.length > 1) throw usageError(`${sources.join(' and ')} (two inputs)`, 'give one of them, or none to read stdin');
  if (
    options.count !== undefined &&
    (options.input !== undefined || options.keySeparator || options.nullMarker !== undefined)
  ) {
    throw usageError(
      '--count with -i, -K or -Z (those are for input)',
      '--key-template and --value-template say what is made up',
    );
  }
  if (options.key !== undefined && options.keyTemplate !== undefined) {
    throw usageError('-k and --key-template (two keys)', 'give one of them');
  }
  if (options.tombstone && options.key === undefined)
    throw usageError('--tombstone needs a key', 'name it: -k order-1 --tombstone');
  if (options.key !== undefined && options.keySeparator !== undefined) {
    throw usageError(
      '-k and -K (two keys)',
      '-k gives every record the same key, -K takes it from each line: give one of them',
    );
  }
  if (
    options.input !== undefined &&
    options.input !== 'lines' &&
    (options.keySeparator !== undefined || options.nullMarker !== undefined)
  ) {
    throw usageError(`-i ${options.input} with -K or -Z (those are for lines)`, 'JSON carries key and null itself');
  }
  if (options.partitionFromInput && options.input !== 'json') {
    throw usageError('--partition-from-input needs JSON input', 'add -i json, or give --partition');
  }
  if (options.allowTopic && options.input !== 'json') {
    throw usageError('--allow-topic needs JSON input', 'add -i json; without it all records go to the topic of the command');
  }
  if (options.transactionSize !== undefined && options.transactionalId === undefined) {
    throw usageError('--transaction-size without a transaction', 'name the producer: --transactional-id loader-1');
  }
  if (options.transactionalId !== undefined && options.deadLetter !== undefined) {
    throw usageError(
      '--dead-letter with --transactional-id (a transaction writes all or nothing)',
      'after a failure the input as a whole is what to write again',
    );
  }
  if (options.transactionalId !== undefined && options.acks !== undefined && options.acks !== 'all') {
    throw usageError(
      `--acks ${options.acks} with --transactional-id`,
      'transactions need acks from all in-sync replicas: leave --acks out',
    );
  }
}

function bytesOf(value: string | undefined): Buffer | undefined {
  return value === undefined ? undefined : Buffer.from(value);
}

function headersOf(headers: ProduceOptions['header']): Buffer | undefined {
  if (headers.length === 0) return undefined;
  return encodeHeaders(headers.map(([key, value]) => ({ key: Buffer.from(key), value: Buffer.from(value) })));
}

function inputOf(context: Context, { message, tombstone, file, report }: ProduceOptions): AsyncIterable<Buffer> {
  if (tombstone) return chunksOf([Buffer.alloc(0)]);
  if (message.length > 0) return chunksOf(message.map((value) => Buffer.from(value)));
  if (file !== undefined) {
    requireReadable(file);
    const descriptor = openSync(file, 'r');
    return withBar(context, fileInput(descriptor), descriptor, report);
  }
  if (context.terminal.stdin) context.note('one record per line; Ctrl-D ends');
  return withBar(context, context.stdin, 0, report);
}

function requireReadable(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw usageError(`no file ${file}`, 'check the path, or leave --file out to read stdin');
  if (found.isDirectory()) throw usageError(`${file} is a directory`, 'name a file, or leave --file out to read stdin');
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw usageError(`cannot read ${file} (${(cause as NodeJS.ErrnoException).code})`, 'check its permissions');
  }
}

/** Input with a bar, where its size is known and the screen is not for the report. */
function withBar(context: Context, input: AsyncIterable<Buffer>, descriptor: number, report: boolean): AsyncIterable<Buffer> {
  if (!context.terminal.stderr || (report && context.terminal.stdout)) return input;
  const facts = fstatSync(descriptor);
  return facts.isFile() ? shown(input, context.bar(facts.size, 'bytes')) : input;
}

async function* shown(input: AsyncIterable<Buffer>, bar: ProgressBar): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of input) {
      yield chunk;
      bar.advance(chunk.length);
    }
  } finally {
    bar.stop();
  }
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

/** Runs the producer beside the reader of its reports; ends with the account of what was written and what was not. */
async function* deliveries(
  context: Context,
  request: ProduceRequest,
  input: AsyncIterable<Buffer>,
  report: boolean,
  deadLetter: DeadLetter | undefined,
  load: LoadAccount | undefined,
): AsyncGenerator<readonly Delivery[]> {
  const reports = new Reports();
  let lastError: KtError | undefined;
  const cluster = await context.cluster();
  const work: Promise<ProduceSummary> = produceRecords(cluster, request, input, {
    signal: context.signal,
    reports: report ? reports : undefined,
    onAcknowledged: load?.acknowledged,
    onFailed(lines, error) {
      lastError = error;
      context.warn(`${linesText(lines)}: ${error.message}`);
    },
    onUnwritten: deadLetter?.keep,
    onInterrupted: context.warn,
  });
  work.catch(() => {}).finally(() => reports.end());
  try {
    yield* reports.read();
  } finally {
    // Also when whoever reads the reports has gone: the account of the lines comes before the end.
    await work.catch(() => {});
    if (deadLetter) keptNote(context, request, deadLetter);
  }
  try {
    account(context, request.topic, await work, lastError);
  } finally {
    load?.end();
  }
}

/** Says what would be written. @throws KtError what would end the input early */
async function rehearsal(context: Context, request: ProduceRequest, input: AsyncIterable<Buffer>): Promise<void> {
  const { records, bytes, topics, partitions, stoppedBy } = await dryRun(
    await context.cluster(),
    request,
    input,
    context.signal,
  );
  const where = partitions === 1 ? '1 partition' : `${partitions} partitions`;
  context.note(
    `dry run: ${records} record${records === 1 ? '' : 's'} would be written to ${topics > 1 ? `${topics} topics` : request.topic} (${where}, ${formatSize(bytes)})`,
  );
  if (stoppedBy) throw stoppedBy;
}

async function* nothing(): AsyncGenerator<readonly Delivery[]> {}

/** Says where the records are that were not written, once they are safe there. */
function keptNote(context: Context, { topic, severalTopics }: ProduceRequest, deadLetter: DeadLetter): void {
  deadLetter.close();
  const { count, path } = deadLetter;
  if (count === 0) return;
  const file = /^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  context.warn(
    `${count} record${count === 1 ? ' is' : 's are'} kept in ${path}; to write ${count === 1 ? 'it' : 'them'} again:`,
  );
  context.warn(`  kt produce ${topic} -i json --partition-from-input${severalTopics ? ' --allow-topic' : ''} --file ${file}`);
}

/** @throws what the exit code is to say: 2 for a line that cannot be read, 3 for records that were not written */
function account(context: Context, topic: string, summary: ProduceSummary, lastError: KtError | undefined): void {
  const { delivered, failed, aborted, bytes, topics, partitions, elapsedMs, stoppedBy } = summary;
  const seconds = elapsedMs / 1000;
  const where = partitions === 1 ? '1 partition' : `${partitions} partitions`;
  context.note(
    `${delivered} record${delivered === 1 ? '' : 's'} written to ${topics > 1 ? `${topics} topics` : topic} (${where}, ${formatSize(bytes)}, ${seconds.toFixed(seconds < 10 ? 2 : 0)}s)`,
  );
  if (aborted !== undefined) context.warn(aborted);
  if (failed > 0) {
    if (stoppedBy) context.warn(stoppedBy.message);
    const what =
      aborted === undefined
        ? `${failed} of ${failed + delivered} records were not written`
        : `${failed} record${failed === 1 ? ' was' : 's were'} refused`;
    throw new KtError('refused', `${what} (${lastError?.message})`, {
      code: lastError?.code,
      hint: lastError?.hint,
    });
  }
  if (stoppedBy) throw stoppedBy;
}
