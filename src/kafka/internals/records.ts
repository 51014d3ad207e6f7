/** The records in which Kafka's coordinators keep groups, offsets, share groups and transactions, as plain data. */
import { schemaOf } from '../wire/codec.ts';
import { type Coordinator, internalRecords } from '../wire/generated/internals.ts';
import { parseSchema } from '../wire/schema.ts';
import { base64, type Fields, MessageForm, prefixBytes, type ShowBytes } from './message.ts';

/** TransactionStatus by number, in the words of kafka-transactions.sh. */
const transactionStatus = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
];

interface RecordType {
  readonly name: string;
  readonly key: MessageForm;
  readonly value: MessageForm;
}

/** The record type that a key begins with, which Kafka called the key's version before 4.0; undefined for less than two bytes. */
export function recordTypeOf(bytes: Buffer, start: number, end: number): number | undefined {
  return end - start < prefixBytes ? undefined : bytes.readInt16BE(start);
}

/** Reads the records of one coordinator. */
export class InternalRecords {
  readonly #coordinator: Coordinator;
  readonly #types = new Map<number, RecordType | undefined>();

  constructor(coordinator: Coordinator) {
    this.#coordinator = coordinator;
  }

  /** `{type, version, …}`, the version being the record type's number; undefined if kt does not know the key. */
  key(bytes: Buffer, start: number, end: number): Fields | undefined {
    const version = recordTypeOf(bytes, start, end);
    const type = this.#type(version);
    if (version === undefined || type === undefined) return undefined;
    const value = type.key.read(0, bytes, start + prefixBytes, end);
    return value && { type: type.name, version, ...type.key.plain(0, value, base64) };
  }

  /** `{type, version, …}` of the value that belongs to a key of type `recordType`; undefined when kt does not know it. */
  value(recordType: number | undefined, bytes: Buffer, start: number, end: number): Fields | undefined {
    const type = this.#type(recordType);
    if (type === undefined || end - start < prefixBytes) return undefined;
    const version = bytes.readInt16BE(start);
    const value = type.value.read(version, bytes, start + prefixBytes, end);
    if (value === undefined) return undefined;
    // Other protocols, such as Connect's, put other bytes into the same fields.
    const showBytes = (value['protocolType'] ?? 'consumer') === 'consumer' ? consumerProtocol : base64;
    const fields = type.value.plain(version, value, showBytes);
    // ConsumerGroupRegularExpression has a `version` field of its own; that one is shown.
    return { type: type.name, version, ...fields, ...statusOf(fields) };
  }

  #type(recordType: number | undefined): RecordType | undefined {
    if (recordType === undefined) return undefined;
    if (!this.#types.has(recordType)) this.#types.set(recordType, madeType(this.#coordinator, recordType));
    return this.#types.get(recordType);
  }
}

function madeType(coordinator: Coordinator, recordType: number): RecordType | undefined {
  const record = internalRecords[coordinator][recordType];
  if (record === undefined) return undefined;
  const [name, key, value] = record;
  return { name, key: new MessageForm(parseSchema(key)), value: new MessageForm(parseSchema(value)) };
}

function statusOf({ transactionStatus: status }: Fields): Fields | undefined {
  const word = transactionStatus[status as number];
  return word === undefined ? undefined : { transactionStatus: word };
}

const subscription = new MessageForm(schemaOf('message', 'ConsumerProtocolSubscription'));
const assignment = new MessageForm(schemaOf('message', 'ConsumerProtocolAssignment'));
/** The fields in which the group coordinator keeps the consumers' own messages. */
const protocolMessages: Readonly<Record<string, MessageForm>> = { subscription, metadata: subscription, assignment };

/** The consumers' messages decoded, if the bytes can be read as such. */
const consumerProtocol: ShowBytes = (name, bytes) => {
  const form = protocolMessages[name];
  if (form === undefined || bytes.length < prefixBytes) return base64(name, bytes);
  const version = bytes.readInt16BE(0);
  const value = form.read(version, bytes, prefixBytes, bytes.length);
  return value ? { version, ...form.plain(version, value, base64) } : base64(name, bytes);
};
