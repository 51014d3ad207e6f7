/** One input record on its way to the producer: byte ranges for a record, and where it is to go. */
import type { RecordBytes } from '../../kafka/batch/writer.ts';

/** Refilled for every record, never kept; the rules of RecordBytes hold for the ranges. */
export interface InputRecord extends RecordBytes {
  key: Buffer;
  keyStart: number;
  keyEnd: number;
  value: Buffer;
  valueStart: number;
  valueEnd: number;
  headers: Buffer | undefined;
  timestamp: number | bigint;
  /** As the input names it; undefined leaves it to the partitioner. */
  partition: number | undefined;
  /** As the input names it, where it may; undefined is the topic of the request. */
  topic: string | undefined;
}

export const noBytes = Buffer.alloc(0);

/** A record without key, value, headers and partition. */
export function emptyInputRecord(): InputRecord {
  return {
    key: noBytes,
    keyStart: -1,
    keyEnd: -1,
    value: noBytes,
    valueStart: -1,
    valueEnd: -1,
    headers: undefined,
    timestamp: 0,
    partition: undefined,
    topic: undefined,
  };
}

/**
 * Fills the record from one piece of the input.
 * @throws KtError `usage` saying what is wrong with it; the caller adds the line's number
 */
export type ReadPiece = (record: InputRecord, bytes: Buffer, start: number, end: number) => void;
