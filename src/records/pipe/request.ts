/** What a pipe is asked for, and what it tells. */
import type { ProducerOptions } from '../../kafka/produce/options.ts';
import type { GroupReading, ReadEvents, ReadRequest } from '../source/request.ts';
import type { DestinationRequest } from './destinations.ts';
import type { ChangeRequest } from './record-change.ts';

export interface PipeRequest {
  /** What to read; the pipe itself sees to the group. */
  readonly read: Omit<ReadRequest, 'group' | 'partBytes'>;
  readonly group: Pick<GroupReading, 'id' | 'sessionTimeoutMs'> | undefined;
  /** Offsets are committed in one transaction with the records; needs a group, on the cluster that is written to. */
  readonly exactlyOnce: boolean;
  readonly change: ChangeRequest;
  readonly destination: DestinationRequest;
  /** The topic for records that fail; without one the pipe ends at the first. */
  readonly deadLetter: string | undefined;
  /** Undefined is as fast as possible. */
  readonly recordsPerSecond: number | undefined;
  readonly delivery: Pick<ProducerOptions, 'acks' | 'idempotent' | 'compression' | 'deliveryTimeoutMs'>;
}

export interface PipeEvents extends ReadEvents {
  /** Whether somebody looks at how much is left to read, which costs requests. */
  readonly showsLag: boolean;
}
