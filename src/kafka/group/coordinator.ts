/** The coordinator of one group, as its members and administrators ask it. */
import type { Cluster } from '../cluster.ts';
import { CoordinatorClient } from '../coordinator-client.ts';
import { groupRefusal } from './refusal.ts';

export class GroupCoordinator extends CoordinatorClient {
  constructor(cluster: Cluster, group: string) {
    super(cluster, { group }, (errorCode) => groupRefusal(errorCode, group));
  }
}
