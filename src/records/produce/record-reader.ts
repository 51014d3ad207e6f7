/** Reads the input as records with a topic and partition, for the producer and for a dry run. */
import { KtError, usageError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { unknownPartition } from '../../core/partitions/selection.ts';
import { topicsNamed } from '../../core/topics/find.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { type Partitioner, partitioner, partitionFor, type Turn } from '../../kafka/produce/partitioner.ts';
import { emptyInputRecord } from './record-input.ts';
import type { ProduceRequest } from './request.ts';

/** The turn of a partition that was asked for. */
class EndlessTurn implements Turn {
  readonly #partition: number;

  constructor(partition: number) {
    this.#partition = partition;
  }

  partition(): number {
    return this.#partition;
  }

  get left(): number {
    return 2 ** 30;
  }

  set left(_) {}
}

/** A topic that records go to. */
export interface Destination {
  readonly topic: string;
  readonly partitions: number;
  readonly choose: Partitioner;
  /** The partition of records that name none; undefined leaves it to `choose`. */
  readonly partition: number | undefined;
}

export class RecordReader {
  /** The record read last. */
  readonly record = emptyInputRecord();
  /** Where that goes. */
  destination: Destination;
  partition = 0;
  /** Epoch ms: the timestamp of records without one of their own. */
  now = Date.now();
  /** What waits to be sent to a partition; undefined while it has no leader. Nothing where nothing is sent. */
  backlog: (topic: string, partition: number) => number | undefined = () => 0;
  readonly #cluster: Cluster;
  readonly #request: ProduceRequest;
  readonly #main: Destination;
  readonly #others = new Map<string, Destination>();

  private constructor(cluster: Cluster, request: ProduceRequest, main: Destination) {
    this.#cluster = cluster;
    this.#request = request;
    this.#main = main;
    this.destination = this.#adapted(main);
  }

  /** @throws KtError `refused` for an unknown topic, `usage` for a pattern or a partition that the topic lacks */
  static async open(cluster: Cluster, request: ProduceRequest): Promise<RecordReader> {
    return new RecordReader(cluster, request, await destination(cluster, request, request.topic));
  }

  /**
   * Reads a piece of the input into `record`, `destination` and `partition`.
   * @returns undefined when that is done, or a promise if the piece names a topic for the first time: wait for it, then read the piece again.
   * The promise rejects with a KtError `usage` naming the line if that topic cannot be written to.
   * @throws KtError `usage` naming the line and what is wrong with it
   */
  read(piece: Buffer, start: number, end: number, line: number): Promise<void> | undefined {
    const request = this.#request;
    const { record } = this;
    record.headers = request.headers;
    record.timestamp = this.timestamp;
    record.topic = undefined;
    record.partition = undefined;
    let to: Destination | undefined = this.#main;
    try {
      request.read(record, piece, start, end);
      if (record.topic !== undefined && record.topic !== to.topic) {
        to = this.#others.get(record.topic);
        if (to === undefined) return this.#learn(record.topic, line);
      }
      if (record.partition !== undefined) checkedPartition(record.partition, to.topic, to.partitions);
    } catch (error) {
      throw lineError(line, error);
    }
    this.destination = to;
    this.partition = record.partition ?? to.partition ?? partitionFor(to.choose, this.record);
    return undefined;
  }

  /** The timestamp of records that have none of their own. */
  get timestamp(): number {
    return this.#request.timestamp ?? this.now;
  }

  /**
   * Whose turn it is among records without a key, if several may go to one partition.
   * A partition that was asked for has every turn.
   */
  get turn(): Turn | undefined {
    const { partition, choose } = this.#main;
    return partition === undefined ? choose.turn : new EndlessTurn(partition);
  }

  /** Lets its partitioner know what waits to be sent. */
  #adapted(to: Destination): Destination {
    to.choose.adapt((partition) => this.backlog(to.topic, partition));
    return to;
  }

  async #learn(topic: string, line: number): Promise<void> {
    try {
      this.#others.set(topic, this.#adapted(await destination(this.#cluster, this.#request, topic)));
    } catch (error) {
      throw error instanceof KtError && error.kind !== 'connection' ? onLine(line, error) : error;
    }
  }
}

/** The error of a line that cannot be read. Where the engine's own limits are the reason, what stands before the line must not be lost either. */
function lineError(line: number, error: unknown): unknown {
  if (error instanceof KtError) return onLine(line, error);
  if (!(error instanceof RangeError)) return error;
  return onLine(line, usageError(`too long or too deep to be read (${error.message})`, 'send it as bytes: -i lines or -i raw'));
}

function onLine(line: number, { kind, message, code, hint }: KtError): KtError {
  return new KtError(kind === 'refused' ? 'usage' : kind, `line ${line}: ${message}`, { code, hint });
}

async function destination(cluster: Cluster, request: ProduceRequest, topic: string): Promise<Destination> {
  const partitions = await partitionCount(cluster, topic);
  const partition = checkedPartition(request.partition, topic, partitions);
  return { topic, partitions, choose: partitioner(request.partitioner, partitions), partition };
}

/** How many partitions the topic has. @throws KtError `refused` for an unknown topic, `usage` for a pattern */
async function partitionCount(cluster: Cluster, topic: string): Promise<number> {
  const partitions = (await topicsNamed(cluster, [topic]).catch((error: unknown) => creatable(error, topic))).get(topic);
  if (!partitions) throw usageError(`topic ${topic} (a pattern)`, 'records are written to one topic: give its name');
  return partitions.length;
}

/** @throws what was thrown, of an unknown topic with how to create it */
function creatable(error: unknown, topic: string): never {
  if (!(error instanceof KtError) || error.code !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
  const { kind, message, code, hint } = error;
  const near = hint?.startsWith('did you mean') ? `${hint} ` : '';
  throw new KtError(kind, message, { code, hint: `${near}kt topics create ${shellWord(topic)} creates it` });
}

function checkedPartition(partition: number | undefined, topic: string, count: number): number | undefined {
  if (partition !== undefined && (partition < 0 || partition >= count)) {
    throw unknownPartition({ topic, partition }, count);
  }
  return partition;
}
