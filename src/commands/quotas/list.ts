/** `kt quotas list`: what is set, for everybody or for those named. */
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { entityText } from '../../core/quotas/entity.ts';
import { type EntityQuotas, listQuotas } from '../../core/quotas/list.ts';
import { QuotasLeftOut } from './left-out.ts';
import { entityNamed, entityOptions, quotaColumns, quotaFields } from './options.ts';

export const quotasList = command({
  name: 'quotas list',
  summary: 'List quotas of users, clients and IP addresses',
  description:
    'Lists what is set, not what applies in the end: a broker applies the most specific quota: that of the user with the client id, else that of the user, else a default. --user also lists the user’s quotas with client ids.',
  args: {},
  options: entityOptions,
  shows: rows<EntityQuotas>({ columns: quotaColumns, name: ({ entity }) => entityText(entity), fields: quotaFields }),
  examples: [
    { line: 'kt quotas list', does: 'list all quotas' },
    { line: 'kt quotas list --user alice', does: 'list the quotas of a user, with those for its client ids' },
  ],
  async run(context, _, options) {
    const entity = entityNamed(options);
    const leftOut = new QuotasLeftOut();
    const listed = await listQuotas(await context.cluster(), entity, leftOut.add);
    leftOut.tell(context);
    return listed;
  },
});
