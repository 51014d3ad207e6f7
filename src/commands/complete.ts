/** `kt complete`: the names that a shell's completion asks for while somebody waits, so at once or not at all. */
import { argument } from '../cli/define.ts';
import { type Context, command } from '../context.ts';

const kinds = ['topic', 'group', 'subject', 'profile'] as const;
/** From the start of the process until it has ended. */
const patienceMs = 500;
/** What ending takes, and the least that is left for asking when the machine is slow to start. */
const endingMs = 50;
const leastMs = 200;

async function groupNames(context: Context): Promise<readonly string[]> {
  const cluster = await context.cluster();
  const { brokers } = await cluster.metadata([]);
  const request = { statesFilter: [], typesFilter: [] };
  const answers = await Promise.all(brokers.map(({ id }) => cluster.request('ListGroups', request, { broker: id })));
  return answers.flatMap((answer) => answer.groups.map((group) => group.groupId));
}

async function subjectsOf(context: Context): Promise<readonly string[]> {
  const [registry, { subjectNames }] = await Promise.all([context.registry(), import('../schemas/registry/subjects.ts')]);
  return registry ? await subjectNames(registry.client) : [];
}

async function namesOf(kind: string, context: Context): Promise<readonly string[]> {
  if (kind === 'group') return groupNames(context);
  if (kind === 'topic') {
    const { topics } = await (await context.cluster()).metadata('all');
    return [...topics.values()].filter((topic) => !topic.internal).map((topic) => topic.topic);
  }
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
  args: { kind: argument('kind', 'what to name', { choices: kinds }) },
  options: {},
  shows: { kind: 'text', fields: {} },
  hidden: true,
  examples: [{ line: 'kt complete topic', does: 'the names of the topics, one per line' }],
  async run(context, { kind }) {
    const leftMs = Math.max(leastMs, patienceMs - endingMs - performance.now());
    const late = new Promise<readonly string[]>((resolve) => setTimeout(resolve, leftMs, []).unref());
    const names = await Promise.race([namesOf(kind, context).catch(() => []), late]);
    return [...names]
      .filter(offerable)
      .sort()
      .map((name) => `${name}\n`)
      .join('');
  },
});
