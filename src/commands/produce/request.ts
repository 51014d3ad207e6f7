/** What `produce`'s options ask for together. */

import { usageError } from '../../base/errors.ts';
import { encodeHeaders } from '../../kafka/batch/record-headers.ts';
import type { compressionNames } from '../../kafka/compression/index.ts';
import { jsonRecords } from '../../records/produce/json-records.ts';
import { lineRecords } from '../../records/produce/line-records.ts';
import { type Load, loadRecords, loadSplitter } from '../../records/produce/load.ts';
import type { ProduceRequest } from '../../records/produce/request.ts';
import { chunks, splitter } from '../../records/produce/split.ts';
import type { LoadOptions } from './load.ts';

export const inputs = ['lines', 'json', 'raw'] as const;
export const acks = ['all', '1', '0'] as const;
export const partitioners = ['java', 'librdkafka', 'round-robin'] as const;
/** Longer than a crashed leader takes to be replaced (9 s by default). */
const deliveryTimeoutMs = 30_000;

export interface ProduceOptions extends LoadOptions {
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

/** What is asked of the producer. @throws KtError `usage` for options that contradict each other */
export function requestOf(topic: string, options: ProduceOptions, load: Load | undefined): ProduceRequest {
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
