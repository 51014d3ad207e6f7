/** `kt partitions reassignments`: what is being moved; takes away throttles that a kt left behind. */
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { type Reassignment, withBytesLeft } from '../../core/partitions/reassignments.ts';
import { partitionName } from '../../kafka/routing.ts';
import { endThrottles } from './throttle-notes.ts';

export const partitionsReassignments = command({
  name: 'partitions reassignments',
  summary: 'List ongoing reassignments',
  description:
    'Also removes throttles that kt partitions reassign set but could not remove, because it was interrupted or did not wait, once their topics are no longer being reassigned. Throttles set by others stay.',
  args: {},
  options: {},
  shows: rows<Reassignment>({
    columns: [
      { header: 'TOPIC', get: ({ topic }) => topic, tone: () => 'strong' },
      { header: 'PARTITION', get: ({ partition }) => partition },
      { header: 'REPLICAS', get: ({ replicas }) => replicas.join(',') },
      { header: 'ADDING', get: ({ adding }) => adding.join(',') || null },
      { header: 'REMOVING', get: ({ removing }) => removing.join(',') || null },
      { header: 'BYTES-LEFT', get: ({ bytesLeft }) => bytesLeft, unit: 'bytes' },
    ],
    name: partitionName,
    fields: {
      topic: 'name of the topic',
      partition: 'number of the partition',
      replicas: 'broker ids of all replicas, including those being added or removed',
      adding: 'broker ids that are getting a replica',
      removing: 'broker ids whose replica is removed once the others are in sync',
      bytesLeft: 'bytes that the added replicas still have to copy; null where brokers do not say',
    },
  }),
  examples: [{ line: 'kt partitions reassignments', does: 'show what is being moved, and how much is left' }],
  async run(context) {
    const connected = await context.cluster();
    return withBytesLeft(connected, await endThrottles(connected, context));
  },
});
