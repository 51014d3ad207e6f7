/** A cluster as it is, as the text of a file for `topics apply`. */
import type { Cluster } from '../../kafka/cluster.ts';
import { aclsText } from '../acls/file.ts';
import { everyRule, listAcls } from '../acls/list.ts';
import { quotasText } from '../quotas/file.ts';
import { listQuotas } from '../quotas/list.ts';
import { exportTopics } from '../topics/export.ts';
import { usersText } from '../users/file.ts';
import { listUsers } from '../users/list.ts';
import { type Section, sections } from './read.ts';

/**
 * The text of these sections, always in the same order.
 * @param pattern which topics: a name or pattern; undefined: all topics but Kafka's own
 * @param onQuotaLeftOut told the types of each entity whose quotas kt does not know how to write
 * @throws KtError `refused` for what this user may not see: an incomplete file would not show it
 */
export async function exportSections(
  cluster: Cluster,
  wanted: readonly Section[],
  pattern: string | undefined,
  onQuotaLeftOut: (types: readonly string[]) => void,
): Promise<string> {
  const texts: Readonly<Record<Section, () => Promise<string>>> = {
    topics: () => exportTopics(cluster, pattern),
    acls: async () => aclsText(await listAcls(cluster, [everyRule])),
    users: async () => usersText((await listUsers(cluster)).users),
    quotas: async () => quotasText(await listQuotas(cluster, {}, onQuotaLeftOut)),
  };
  let text = '';
  for (const section of sections) if (wanted.includes(section)) text += await texts[section]();
  return text;
}
