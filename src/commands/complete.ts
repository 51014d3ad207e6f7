/** `kt complete`: the names that a shell's completion asks for while somebody waits, so at once or not at all. */
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
/** From the start of the process until it has ended. */
const patienceMs = 500;
/** What ending takes, and the least that is left for asking when the machine is slow to start. */
const endingMs = 50;
const leastMs = 200;

async function groupNames(context: Context): Promise<readonly string[]> {
  const cluster = await context.clusterOnDemand();
  const { brokers } = await cluster.metadata([]);
  const request = { statesFilter: [], typesFilter: [] };
  const answers = await Promise.all(brokers.map(({ id }) => cluster.request('ListGroups', request, { broker: id })));
  return answers.flatMap((answer) => answer.groups.map((group) => group.groupId));
}

async function subjectsOf(context: Context): Promise<readonly string[]> {
  const [registry, { subjectNames }] = await Promise.all([context.registry(), import('../schemas/registry/subjects.ts')]);
  return registry ? await subjectNames(registry.client) : [];
}

async function topicNames(context: Context): Promise<readonly string[]> {
  const { topics } = await (await context.clusterOnDemand()).metadata('all');
  return [...topics.values()].filter((topic) => !topic.internal).map((topic) => topic.topic);
}

/** Names of resources of a type, as `configs describe` takes them. */
async function resourceNames(context: Context, type: string): Promise<readonly string[]> {
  if (type === 'topic') return topicNames(context);
  if (type === 'group') return groupNames(context);
  if (type !== 'broker' && type !== 'broker-logger') return [];
  const { brokers } = await (await context.clusterOnDemand()).metadata([]);
  return [...brokers.map(({ id }) => String(id)), ...(type === 'broker' ? ['default'] : [])];
}

async function configNames(context: Context, kind: Kind, type: string | undefined): Promise<readonly string[]> {
  const { configKeys, configWords, topicConfigKeys, withValues } = await import('../core/configs/completions.ts');
  // Topics and configs of topics are known without a broker.
  if (kind === 'topic-config' || (kind === 'config' && !isType(type))) return withValues(topicConfigKeys());
  if (kind === 'topic-config-key' || !isType(type)) return topicConfigKeys();
  return (kind === 'config' ? configWords : configKeys)(() => context.cluster(), type);
}

function isType(text: string | undefined): text is ResourceType {
  return text !== undefined && Object.hasOwn(resourceTypes, text);
}

async function namesOf(kind: Kind, context: Context, of: string | undefined): Promise<readonly string[]> {
  if (kind === 'group') return groupNames(context);
  if (kind === 'topic') return topicNames(context);
  if (kind === 'resource') return resourceNames(context, of ?? '');
  if (kind.includes('config')) return configNames(context, kind, of);
  if (kind === 'subject') return subjectsOf(context);
  const { openProfiles } = await import('../settings/profile-file.ts');

  return [...(await openProfiles(context.env, context.signal)).profiles.keys()];
}

/** A shell would take a line end for two names, and a name it cannot show is none it can offer. */
function offerable(name: string): boolean {
  return /^[^\p{Cc}\p{Cf}\p{Cs}]+$/u.test(name);
}

export const complete = command({
  name: 'complete',
  summary: 'Print the names that completion offers',
  description:
    'Answers within half a second, because a shell waits for it; prints nothing if the cluster or the registry does not answer in time.',
  args: {
    kind: argument('kind', 'what to name', { choices: kinds }),
    of: optionalArgument('of', 'the first argument on the line, such as the type of a resource'),
  },
  options: {},
  shows: { kind: 'text', fields: {} },
  hidden: true,
  examples: [{ line: 'kt complete topic', does: 'the names of the topics, one per line' }],
  async run(context, { kind, of }) {
    const leftMs = Math.max(leastMs, patienceMs - endingMs - performance.now());
    const late = new Promise<readonly string[]>((resolve) => setTimeout(resolve, leftMs, []).unref());
    const names = await Promise.race([namesOf(kind, context, of).catch(() => []), late]);
    return [...names]
      .filter(offerable)
      .sort()
      .map((name) => `${name}\n`)
      .join('');
  },
});
