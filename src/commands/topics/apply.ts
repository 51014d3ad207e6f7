/** `kt topics apply`: topics, rules, users and quotas as files want them: planned, shown, confirmed where something goes, done. */

import { usageError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import { flag, repeatable, variadicArgument } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import { type Context, command } from '../../context.ts';
import { ruleText } from '../../core/acls/rule.ts';
import { unmatchedParts } from '../../core/acls/unmatched.ts';
import { applyPlan, checkPlan } from '../../core/desired/apply.ts';
import { doomedOf, itemsOf, makePlan, type Plan } from '../../core/desired/plan.ts';
import { type Desired, joined, readDesired, sections } from '../../core/desired/read.ts';
import { entityText } from '../../core/quotas/entity.ts';
import { namedText } from '../named-text.ts';
import { quotaText } from '../quotas/options.ts';
import { noteIfPartial } from '../visibility.ts';
import { planShape } from './apply-shape.ts';

export const topicsApply = command({
  name: 'topics apply',
  summary: 'Make topics, rules and quotas match YAML files, or check for drift',
  description:
    'The files are YAML as kt topics export prints it, with sections topics, acls, users and quotas, each of which may be left out: a section that is in no file is not looked at. What is in no file is left alone. Topics, rules and quotas are created, configs and quotas changed, partitions added; applying the same files again changes nothing. Partitions are never removed. Users are only compared, since a file holds no password. With --prune, topics and configs in no file are deleted, but never internal topics, and of the resources, users and entities that the files name, the rules, passwords and quotas in no file: what would be deleted is shown and has to be confirmed; without a terminal, add --yes. --check changes nothing, and exits with 1 when the cluster differs from the files.',
  args: { files: variadicArgument('file', 'YAML file; - is stdin', false, { complete: 'file' }) },
  options: {
    file: repeatable('-f, --file <file>', 'the same as an argument', text, { complete: 'file' }),
    check: flag('--check', 'only compare: exit code 1 when the cluster differs from the files'),
    prune: flag('--prune', 'delete what is in no file, after a confirmation'),
    dryRun: flag('--dry-run', 'show the plan and let the cluster check it, without changing anything'),
  },
  shows: planShape,
  examples: [
    { line: 'kt topics apply topics.yaml', does: 'create and change topics to match a file' },
    { line: 'kt topics apply topics.yaml access.yaml --check', does: 'fail in CI when the cluster has drifted' },
    { line: 'kt topics apply topics.yaml --check -o markdown', does: 'the plan for the summary of a CI job' },
    { line: 'kt topics apply orders.yaml payments.yaml --prune --dry-run', does: 'show what else would be deleted' },
  ],
  async run(context, { files }, { file: named, check, prune, dryRun }) {
    const file = [...named, ...files];
    if (file.length === 0) throw usageError('no file', 'name one: kt topics apply topics.yaml');
    if (check && dryRun)
      throw usageError('--check and --dry-run (one of them)', '--check compares, --dry-run asks the cluster');
    const twice = file.find((path, at) => file.indexOf(path) !== at);
    if (twice !== undefined) throw usageError(`${twice} (given twice)`, 'name each file once');
    const desired = joined(await Promise.all(file.map((path) => readFile(context, path))));
    if (prune && desired.topics?.length === 0)
      throw usageError('--prune (the files name no topic, so every topic would be deleted)', 'name the topics to keep');
    const cluster = await context.cluster();
    for (const fault of unmatchedParts(desired.acls ?? [])) context.note(fault);
    const plan = await makePlan(cluster, desired, { prune, isCheck: check });
    if (desired.topics) await noteIfPartial(context, 'topics');
    if (itemsOf(plan).every(({ action, error }) => !error && (action === 'none' || action === 'unmanaged')))
      context.note(`no drift: all ${sectionsText(desired)} match the files`);
    if (check) return checkPlan(plan);
    if (!dryRun) await confirmed(context, plan);
    for (const { topic, action, error, changes } of plan.topics?.topics ?? [])
      if (action === 'change' && !error && changes.some(({ name }) => name === 'partitions'))
        context.warn(
          `${topic}: keyed records ${dryRun ? 'would' : 'may now'} go to another partition than before (the partition depends on how many there are)`,
        );
    return applyPlan(cluster, plan, { dryRun });
  },
});

async function readFile(context: Context, path: string): Promise<Desired> {
  return readDesired(await namedText(context, path), path === '-' ? 'stdin' : path);
}

function sectionsText(desired: Desired): string {
  return inWords(sections.filter((section) => desired[section]).map((section) => (section === 'acls' ? 'rules' : section)));
}

/** `a, b and c`. */
function inWords(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** Asks before anything goes. */
async function confirmed({ note, confirm }: Context, plan: Plan): Promise<void> {
  const { topics, acls, users, quotas } = doomedOf(plan);
  for (const { topic, partitions, records } of topics)
    note(`${topic}: ${counted(partitions, 'partition')}, ${counted(records, 'record')}`);
  const configs = (plan.topics?.topics ?? []).flatMap(({ topic, action, changes, error }) =>
    action === 'change' && !error
      ? changes.filter(({ after }) => after === null).map(({ name, before }) => `${topic}: ${name}=${before}`)
      : [],
  );
  const limits = quotas.flatMap(({ entity, changes }) =>
    changes
      .filter(({ after }) => after === null)
      .map(({ name, before }) => `${entityText(entity)}: ${name}=${quotaText(name, before!)}`),
  );
  const passwords = users.map(({ user, mechanism }) => `user ${user}: ${mechanism} password`);
  for (const line of [...configs, ...acls.map(ruleText), ...passwords, ...limits]) note(line);
  const counts: readonly (readonly [count: number, what: string])[] = [
    [topics.length, 'topic'],
    [configs.length, 'config'],
    [acls.length, 'rule'],
    [passwords.length, 'password'],
    [limits.length, 'quota'],
  ];
  const going = counts.filter(([count]) => count > 0);
  if (going.length === 0) return;
  const words = going.map(([count, what]) => `${counted(count, what)}${what === 'topic' ? ' with all records' : ''}`);
  const count = going.reduce((sum, [each]) => sum + each, 0);
  await confirm(`Delete ${inWords(words)}`, { count, byPattern: false });
}
