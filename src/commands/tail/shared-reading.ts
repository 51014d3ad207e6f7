/** Reading as a member of a share group: what is asked for, and how often each record was delivered. */
import type { AcknowledgeType } from '../../kafka/share/acquired.ts';
import type { ReadRequest } from '../../records/source/request.ts';
import type { RecordFormat, RecordNotes } from '../../records/stream.ts';

interface SharedReading {
  readonly request: Pick<ReadRequest, 'shareGroup'>;
  readonly format: Pick<RecordFormat, 'notes'>;
}

export function sharedReading(group: string, acknowledge: AcknowledgeType = 'accept'): SharedReading {
  let deliveries = { deliveryCount: 0 };
  /** By how often: the same for each record, as there may be millions. */
  const counts: { readonly deliveryCount: number }[] = [];
  const notes: RecordNotes = {
    lines: () => {
      const { deliveryCount } = deliveries;
      return deliveryCount > 1 ? [{ text: `  delivery ${deliveryCount}`, strong: false }] : [];
    },
    fields: () => {
      const { deliveryCount } = deliveries;
      counts[deliveryCount] ??= { deliveryCount };
      return counts[deliveryCount];
    },
  };
  const reads = (source: { readonly deliveryCount: number }): void => {
    deliveries = source;
  };
  return { request: { shareGroup: { id: group, acknowledge, reads } }, format: { notes } };
}
