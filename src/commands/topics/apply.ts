/** `kt topics apply`: topics as files want them: planned, shown, confirmed where something goes, done. */
import { KtError, usageError } from '../../base/errors.ts';
import { flag, repeatable } from '../../cli/define.ts';
import { text } from '../../cli/options.ts';
import type { Column, TableShape, Tone } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
import type { Change } from '../../core/configs/alter.ts';
import { type AppliedTopic, applyTopics, checkedTopics, doomedTopics } from '../../core/topics/apply.ts';
import { allTopics, type DesiredTopic, readTopicsFile } from '../../core/topics/file.ts';
import { planTopics, type TopicsPlan } from '../../core/topics/plan.ts';
import { changeFields, settingText } from '../configs/options.ts';
import { namedText } from '../named-text.ts';
import { noteIfPartial } from '../visibility.ts';
import { counted } from './outcome.ts';

interface Row {
  readonly topic: AppliedTopic;
  readonly change?: Change;
  /** A config that stands in no file. */
  readonly unmanaged?: readonly [name: string, value: string | null];
}

const signs: Readonly<Record<AppliedTopic['action'], string>> = {
  create: '+',
  change: '~',
  delete: '-',
  none: '=',
  unmanaged: '?',
};
const tones: Readonly<Partial<Record<AppliedTopic['action'], Tone>>> = { create: 'good', change: 'warn', delete: 'bad' };

const columns: readonly Column<Row>[] = [
  {
    header: 'PLAN',
    get: ({ topic, unmanaged }) => (unmanaged ? '? unmanaged' : `${signs[topic.action]} ${topic.action}`),
    tone: ({ topic, unmanaged }) => (unmanaged ? 'dim' : (tones[topic.action] ?? 'dim')),
  },
  { header: 'TOPIC', get: ({ topic }) => topic.topic, tone: ({ topic }) => tones[topic.action] ?? 'dim' },
  { header: 'SETTING', get: ({ change, unmanaged }) => change?.name ?? unmanaged?.[0] },
  {
    header: 'BEFORE',
    get: ({ change, unmanaged }) =>
      change ? settingText(change, change.before, change.beforeSource) : (unmanaged?.[1] ?? null),
    tone: ({ change }) => (change ? 'bad' : 'dim'),
  },
  {
    header: 'AFTER',
    get: ({ change }) => change && settingText(change, change.after, change.afterSource),
    tone: ({ change }) => (change ? 'good' : undefined),
  },
  {
    header: 'STATUS',
    get: ({ topic, unmanaged }) => (unmanaged ? 'unmanaged' : topic.status),
    tone: ({ topic }) => (topic.status === 'failed' ? 'bad' : topic.status === 'applied' ? 'good' : 'dim'),
  },
];

/** More topics that stand in no file than these are only counted. */
const fewUnmanaged = 10;

const shows: TableShape<readonly AppliedTopic[]> = {
  kind: 'table',
  columns,
  blocks: (topics) => {
    const unmanaged = topics.filter(({ action }) => action === 'unmanaged');
    const many = unmanaged.length > fewUnmanaged;
    const rows = topics.filter(({ action }) => !many || action !== 'unmanaged').flatMap(rowsOf);
    const footer = many
      ? {
          footer: `${counted(unmanaged.length, 'other topic')} ${unmanaged.length === 1 ? 'is' : 'are'} in no file (left alone)`,
        }
      : {};
    return rows.length > 0 || many ? [{ columns: rows.length > 0 ? columns : [], rows, ...footer }] : [];
  },
  names: (topics) => topics.filter(({ status }) => status !== 'unchanged' && status !== 'unmanaged').map(({ topic }) => topic),
  fields: {
    topic: 'name of the topic',
    action: 'create, change, delete (with --prune), none or unmanaged (it is in no file)',
    status: 'applied, unchanged, unmanaged, planned (with --check), valid (with --dry-run) or failed',
    ...changeFields,
    'changes[].name': 'partitions, replicationFactor or a config',
    'unmanaged.*': 'value of a config that is set on the topic and is in no file',
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
  problems: (topics) => [...topics.flatMap(({ error }) => error ?? []), ...driftOf(topics)],
};

export const topicsApply = command({
  name: 'topics apply',
  summary: 'Create or change topics to match YAML files, or check for drift',
  description:
    'The files are YAML as kt topics export prints it; topics and configs in no file are left alone. Topics are created, configs changed, partitions added; applying the same files again changes nothing. Partitions are never removed. With --prune, topics and configs in no file are deleted, but never internal topics: what would be deleted is shown and has to be confirmed; without a terminal, add --yes. --check changes nothing, and exits with 1 when topics differ from the files.',
  args: {},
  options: {
    file: repeatable('-f, --file <file>', 'YAML file of topics; - is stdin', text, { complete: 'file' }),
    check: flag('--check', 'only compare: exit code 1 when topics differ from the files'),
    prune: flag('--prune', 'delete topics and configs that are in no file, after a confirmation'),
    dryRun: flag('--dry-run', 'show the plan and let the cluster check it, without changing anything'),
  },
  shows,
  examples: [
    { line: 'kt topics apply -f topics.yaml', does: 'create and change topics to match a file' },
    { line: 'kt topics apply -f topics.yaml --check', does: 'fail in CI when the cluster has drifted' },
    { line: 'kt topics apply -f orders.yaml -f users.yaml --prune --dry-run', does: 'show what else would be deleted' },
  ],
  async run(context, _, { file, check, prune, dryRun }) {
    if (file.length === 0) throw usageError('--file (not given)', 'name a file: kt topics apply -f topics.yaml');
    if (check && dryRun)
      throw usageError('--check and --dry-run (one of them)', '--check compares, --dry-run asks the cluster');
    const twice = file.find((path, at) => file.indexOf(path) !== at);
    if (twice !== undefined) throw usageError(`--file ${twice} (given twice)`, 'name each file once');
    const desired = allTopics(await Promise.all(file.map((path) => fileTopics(context, path))));
    if (prune && desired.length === 0)
      throw usageError('--prune (the files name no topic, so every topic would be deleted)', 'name the topics to keep');
    const cluster = await context.cluster();
    const plan = await planTopics(cluster, desired, { prune });
    await noteIfPartial(context, 'topics');
    if (plan.topics.every(({ action, error }) => !error && (action === 'none' || action === 'unmanaged')))
      context.note('no drift: all topics match the files');
    if (check) return checkedTopics(plan);
    if (!dryRun) await confirmed(context, plan);
    const grown = plan.topics.filter(({ action, error, changes }) => action === 'change' && !error && changes.some(isGrowth));
    for (const { topic } of grown)
      context.warn(
        `${topic}: keyed records ${dryRun ? 'would' : 'may now'} go to another partition than before (the partition depends on how many there are)`,
      );
    return applyTopics(cluster, plan, { dryRun });
  },
});

async function fileTopics(context: Context, path: string): Promise<readonly DesiredTopic[]> {
  return readTopicsFile(await namedText(context, path), path === '-' ? 'stdin' : path);
}

function isGrowth({ name }: Change): boolean {
  return name === 'partitions';
}

/** Asks before anything goes. */
async function confirmed({ note, confirm }: Context, plan: TopicsPlan): Promise<void> {
  const { topics } = plan;
  const deletion = doomedTopics(plan);
  for (const { topic, partitions, records } of deletion)
    note(`${topic}: ${counted(partitions, 'partition')}, ${counted(records, 'record')}`);
  let configs = 0;
  for (const { topic, action, changes, error } of topics) {
    const gone = action === 'change' && !error ? changes.filter(({ after }) => after === null) : [];
    for (const { name, before } of gone) note(`${topic}: ${name}=${before}`);
    configs += gone.length;
  }
  const words = [
    ...(deletion.length > 0 ? [`${counted(deletion.length, 'topic')} with all records`] : []),
    ...(configs > 0 ? [counted(configs, 'config')] : []),
  ];
  if (words.length > 0) await confirm(`Delete ${words.join(' and ')}?`);
}

/** A row per setting; a topic that is as it should be takes none. */
function rowsOf(topic: AppliedTopic): readonly Row[] {
  const changes = topic.changes.map((change): Row => ({ topic, change }));
  const unmanaged = Object.entries(topic.unmanaged).map((config): Row => ({ topic, unmanaged: config }));
  const alone = changes.length === 0 && (topic.action !== 'none' || topic.error) ? [{ topic }] : [];
  return [...alone, ...changes, ...unmanaged];
}

/** The check that did not hold, naming the topics. */
function driftOf(topics: readonly AppliedTopic[]): readonly KtError[] {
  const drifted = topics.filter(({ status, error }) => status === 'planned' && !error).map(({ topic }) => topic);
  if (drifted.length === 0) return [];
  const named = drifted.length > 5 ? `${drifted.slice(0, 5).join(', ')}, …` : drifted.join(', ');
  return [
    new KtError('check', `${counted(drifted.length, 'topic')} differ from the files: ${named}`, {
      code: 'DRIFT',
      hint: 'run it without --check to apply the changes',
    }),
  ];
}
