/** Where formatted records go, and what formats them. */
import type { RecordView, TakeRun } from '../../kafka/batch/record.ts';

export interface RecordOutput {
  /** Resolves when the bytes were accepted; until then they must not change. Calls are written in order. */
  write(bytes: Uint8Array): Promise<void>;
  /** Whether it is a terminal: bytes of records are then made harmless. */
  readonly terminal: boolean;
  readonly color: boolean;
  /** Whether the names of columns come first, in a style that has columns (default: yes). */
  readonly headers?: boolean;
  /** Width of the terminal. */
  readonly columns: number;
}

/** Appends one record to the sink it was compiled for. */
export type AppendRecord = ((record: RecordView) => void) & {
  /** Appends many at once, the same bytes; where there is nothing that can. */
  readonly take?: TakeRun;
};
