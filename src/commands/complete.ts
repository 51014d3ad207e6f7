/** `kt complete`: the names that a shell's completion asks for while somebody waits, so at once or not at all. */
import { gatheredWithin } from '../base/gathered.ts';
import { argument, optionalArgument } from '../cli/define.ts';
import { type Context, command } from '../context.ts';
import { type ResourceType, resourceTypes } from '../core/configs/resource.ts';

const kinds = [
  'topic',
  'group',
  'subject',
  'profile',
  'topic-config',
  'topic-config-key',
  'resource',
  'config',
  'config-key',
] as const;
type Kind = (typeof kinds)[number];
/** When names that are asked for are given up, from the start of the process: half a second, less what ending takes. */
const askingMs = 450;

type Add = (names: readonly string[]) => void;

/** Each broker lists the groups that it coordinates: those of one that does not answer in time are missing, the others are not. */
async function addGroups(context: Context, add: Add): Promise<void> {
  const cluster = await context.clusterOnDemand();
  const { brokers } = await cluster.metadata([]);
  const request = { statesFilter: [], typesFilter: [] };
  await Promise.allSettled(
    brokers.map(async ({ id }) => {
      const { groups } = await cluster.request('ListGroups', request, { broker: id });
      add(groups.map((group) => group.groupId));
    }),
  );
}

async function subjectsOf(context: Context): Promise<readonly string[]> {
  const [registry, { subjectNames }] = await Promise.all([context.registry(), import('../schemas/registry/subjects.ts')]);
  return registry ? await subjectNames(registry.client) : [];
}

async function topicNames(context: Context): Promise<readonly string[]> {
  const { topics } = await (await context.clusterOnDemand()).metadata('all');
  return [...topics.values()].filter((topic) => !topic.internal).map((topic) => topic.topic);
}

async function profileNames(context: Context): Promise<readonly string[]> {
  const { openProfiles } = await import('../settings/profile-file.ts');
  return [...(await openProfiles(context.env, context.signal)).profiles.keys()];
}

/** Names of resources of a type, as `configs describe` takes them. */
async function resourceNames(context: Context, type: string): Promise<readonly string[]> {
  if (type === 'topic') return topicNames(context);
  if (type !== 'broker' && type !== 'broker-logger') return [];
  const { brokers } = await (await context.clusterOnDemand()).metadata([]);
  return [...brokers.map(({ id }) => String(id)), ...(type === 'broker' ? ['default'] : [])];
}

function isType(text: string | undefined): text is ResourceType {
  return text !== undefined && Object.hasOwn(resourceTypes, text);
}

/** Names of configs of topics, which kt knows by itself; undefined for all that it has to ask for or read. */
async function knownNames(kind: Kind, of: string | undefined): Promise<readonly string[] | undefined> {
  const isOfTopic = of === 'topic' || !isType(of);
  if (!kind.startsWith('topic-config') && !(kind.startsWith('config') && isOfTopic)) return undefined;
  const { topicConfigKeys, withValues } = await import('../core/configs/completions.ts');
  return kind.endsWith('-key') ? topicConfigKeys() : withValues(topicConfigKeys());
}

async function addAsked(kind: Kind, context: Context, of: string | undefined, add: Add): Promise<void> {
  if (kind === 'group' || (kind === 'resource' && of === 'group')) return addGroups(context, add);
  if (kind === 'topic') return add(await topicNames(context));
  if (kind === 'resource') return add(await resourceNames(context, of ?? ''));
  if (kind === 'subject') return add(await subjectsOf(context));
  if (kind === 'profile') return add(await profileNames(context));
  if (!isType(of)) return;
  const { configKeys, configWords } = await import('../core/configs/completions.ts');
  add(await (kind === 'config' ? configWords : configKeys)(() => context.cluster(), of));
}

/** A shell would take a line end for two names, and a name it cannot show is none it can offer. */
function offerable(name: string): boolean {
  return /^[^\p{Cc}\p{Cf}\p{Cs}]+$/u.test(name);
}

export const complete = command({
  name: 'complete',
  summary: 'Print the names that completion offers',
  description:
    'Answers within half a second, because a shell waits for it; leaves out what a broker or the registry does not answer in time.',
  args: {
    kind: argument('kind', 'what to name', { choices: kinds }),
    of: optionalArgument('of', 'the first argument on the line, such as the type of a resource'),
  },
  options: {},
  shows: { kind: 'text', fields: {} },
  hidden: true,
  examples: [{ line: 'kt complete topic', does: 'the names of the topics, one per line' }],
  async run(context, { kind, of }) {
    const names =
      (await knownNames(kind, of)) ??
      (await gatheredWithin<string>(askingMs - performance.now(), (add) => addAsked(kind, context, of, add)));
    return [...names]
      .filter(offerable)
      .sort()
      .map((name) => `${name}\n`)
      .join('');
  },
});
