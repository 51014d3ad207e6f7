/** What `produce`'s options ask for together. */

import { usageError } from '../../base/errors.ts';
import { LineMemory } from '../../kafka/batch/line-memory.ts';
import { encodeHeaders, type RecordHeader } from '../../kafka/batch/record-headers.ts';
import { encodeText, encodingRead, loadEncoder, loadWritableSerdes } from '../../records/produce/encode.ts';
import { type JsonOptions, jsonRecords } from '../../records/produce/json-records.ts';
import { lineRecords } from '../../records/produce/line-records.ts';
import { type Load, loadRecords, loadSplitter } from '../../records/produce/load.ts';
import type { ReadPiece } from '../../records/produce/record-input.ts';
import type { ProduceRequest } from '../../records/produce/request.ts';
import { SchemaHeaders } from '../../records/produce/schema-headers.ts';
import { chunks, linesOfText, splitter, unlessBlank, wholeInput } from '../../records/produce/split.ts';
import { checkTimestampOption, unitNote } from '../../records/produce/timestamp.ts';
import type { SchemaWriters } from '../../records/schemas/writer.ts';
import { deliveryOf } from './delivery.ts';
import type { ProduceOptions } from './options.ts';

/** What is asked of the producer. @throws KtError `usage` for options that contradict each other, or a key that does not fit its format */
export async function requestOf(
  topic: string,
  options: ProduceOptions,
  load: Load | undefined,
  schemas: SchemaWriters,
  note: (text: string) => void,
): Promise<ProduceRequest> {
  refuseContradictions(options);
  checkTimestampOption(options.timestamp);
  const onTimestamp = unitNote(note);
  if (options.timestamp !== undefined) onTimestamp(options.timestamp);
  const read = await readerOf(options, load, schemas, onTimestamp);
  return {
    topic,
    split: load ? loadSplitter : cutOf(options),
    lines: areValues(options, load, schemas) ? new LineMemory() : undefined,
    read,
    headers: headersOf(options, schemas),
    partition: options.partition,
    timestamp: options.timestamp,
    partitioner: options.partitioner ?? 'java',
    delivery: {
      ...deliveryOf(options),
      retries: options.retries ?? Number.POSITIVE_INFINITY,
      transactionalId: options.transactionalId,
    },
    transactionSize: options.transactionSize,
    recordsPerSecond: options.rate,
    severalTopics: options.allowTopic,
  };
}

/** Whether each line is the value of a record without key and headers, as it is, and several may go to a partition at once. */
function areValues(options: ProduceOptions, load: Load | undefined, schemas: SchemaWriters): boolean {
  const { message, tombstone, input = 'lines', recordSeparator, nullMarker, dryRun } = options;
  if (load || message.length > 0 || tombstone || input !== 'lines' || recordSeparator || nullMarker !== undefined || dryRun)
    return false;
  const { key, keySeparator, header, valueFormat = 'string' } = options;
  if (key !== undefined || keySeparator || header.length > 0 || valueFormat !== 'string' || schemas.key || schemas.value)
    return false;
  return options.rate === undefined && options.transactionSize === undefined && options.partitioner !== 'round-robin';
}

/** What cuts the input into records. */
function cutOf({ message, tombstone, input, recordSeparator }: ProduceOptions): ProduceRequest['split'] {
  if (message.length > 0 || tombstone) return chunks;
  if (input === 'raw') return (onPiece) => splitter(wholeInput, onPiece);
  const cut = recordSeparator ? { separator: recordSeparator, mayEndInCrLf: false, skipsMark: true } : linesOfText;
  return (onPiece, onPieces) => splitter(cut, input === 'json' ? unlessBlank(onPiece) : onPiece, onPieces);
}

/** What reads the input, in the formats asked for. */
async function readerOf(
  options: ProduceOptions,
  load: Load | undefined,
  schemas: SchemaWriters,
  onTimestamp: JsonOptions['onTimestamp'],
): Promise<ReadPiece> {
  const { keyFormat, valueFormat } = options;
  const [keySerde, valueSerde] = await Promise.all([
    schemas.key?.serde ?? loadEncoder('key', keyFormat),
    schemas.value?.serde ?? loadEncoder('value', valueFormat),
  ]);
  const { key } = options;
  const fixedKey =
    key === undefined ? undefined : keySerde ? encodeText(keySerde, key, () => `-k ${JSON.stringify(key)}`) : Buffer.from(key);
  if (!load && options.input === 'json') {
    const headers = new SchemaHeaders(schemas);
    const [keySerdes, valueSerdes] = await Promise.all([
      loadWritableSerdes('key', headers.serde('key')),
      loadWritableSerdes('value', headers.serde('value')),
    ]);
    const read = jsonRecords({
      partitionFromInput: options.partitionFromInput,
      topicFromInput: options.allowTopic,
      onTimestamp,
      fixedKey,
      key: { serdes: keySerdes, format: schemas.key?.serde.name ?? keyFormat },
      value: { serdes: valueSerdes, format: schemas.value?.serde.name ?? valueFormat },
    });
    return headers.around(read, fixedKey, givenHeaders(options));
  }
  const read = load
    ? loadRecords(fixedKey)
    : lineRecords({
        keySeparator: options.keySeparator,
        nullMarker: options.tombstone ? Buffer.alloc(0) : bytesOf(options.nullMarker),
        fixedKey,
      });
  return encodingRead(read, fixedKey ? undefined : keySerde, valueSerde);
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
      '--key-template and --value-template say what is generated',
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
      'after a failure, write the whole input again',
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

/** The headers of every record. */
function headersOf(options: ProduceOptions, { key, value }: SchemaWriters): Buffer | undefined {
  const named = [key?.header, value?.header].filter((header) => header !== undefined);
  const all = [...givenHeaders(options), ...named];
  return all.length === 0 ? undefined : encodeHeaders(all);
}

function givenHeaders({ header }: ProduceOptions): RecordHeader[] {
  return header.map(([key, value]) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
}
