/** Changes single configs of resources of any kind (IncrementalAlterConfigs, KIP-339), and shows each before and after. */
import { KtError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { untilSeen } from '../topics/until-seen.ts';
import { type ConfigChange, operations, type Setting, settingAfter } from './changes.ts';
import { layeredConfigs } from './describe.ts';
import { isSensitive, type Layered } from './entries.ts';
import { configHint } from './names.ts';
import { configError } from './refusal.ts';
import { byTarget, type ConfigResource, ownSource, resourceText, resourceTypes } from './resource.ts';

/** One config, or the number of partitions, before and after. */
export interface Change {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Where the values come from, in Kafka's words; null when there is no such config. */
  readonly beforeSource: string | null;
  readonly afterSource: string | null;
  /** Both values are then null. */
  readonly sensitive: boolean;
}

export interface AlteredConfigs {
  readonly resource: ConfigResource;
  /** `valid`: a dry run that the cluster would have accepted; `unchanged`: nothing had to change. */
  readonly status: 'altered' | 'unchanged' | 'valid' | 'failed';
  readonly changes: readonly Change[];
  readonly error?: KtError;
}

/** A resource and the changes to make to it. */
export interface AlterRequest {
  readonly resource: ConfigResource;
  readonly changes: readonly ConfigChange[];
}

export interface AlterOptions {
  /** The cluster only checks the changes. */
  readonly dryRun: boolean;
}

/** @returns in the order of `requests`; one that is refused does not stop the others */
export async function alterConfigs(
  cluster: Cluster,
  requests: readonly AlterRequest[],
  { dryRun }: AlterOptions,
): Promise<readonly AlteredConfigs[]> {
  const before = await layeredConfigs(
    cluster,
    requests.map(({ resource }) => resource),
  );
  const planned = requests.map((request, index) => plan(request, before[index]!));
  const errors = await send(
    cluster,
    requests.filter((_, index) => !planned[index]!.error),
    dryRun,
  );
  const outcomes = planned.map((item, index): AlteredConfigs => {
    const refusal = item.error ?? errors.get(resourceText(item.resource));
    if (refusal) return failed(item.resource, withSuggestion(refusal, requests[index]!.changes, before[index]!));
    const status = dryRun ? 'valid' : item.changes.every(isNoChange) ? 'unchanged' : 'altered';
    return { resource: item.resource, status, changes: item.changes };
  });
  return dryRun ? outcomes : withSeen(cluster, outcomes);
}

interface Planned {
  readonly resource: ConfigResource;
  readonly changes: readonly Change[];
  readonly error?: KtError;
}

function failed(resource: ConfigResource, error: KtError): AlteredConfigs {
  return { resource, status: 'failed', changes: [], error };
}

/** What the changes do to a resource; an error where the broker would silently do nothing. */
function plan({ resource, changes }: AlterRequest, before: Layered | KtError): Planned {
  if (before instanceof KtError) {
    // ALTER_CONFIGS implies DESCRIBE_CONFIGS, so it is the permission to ask for.
    const denied = before.code?.endsWith('_AUTHORIZATION_FAILED');
    const error = denied
      ? new KtError(before.kind, before.message, { ...before, hint: before.hint?.replace('DESCRIBE_CONFIGS', 'ALTER_CONFIGS') })
      : before;
    return { resource, changes: [], error };
  }
  const unknown = changes.find(({ name, operation }) => operation === 'delete' && !before[name]);
  // For groups and client metrics a broker leaves out what is not set, and for brokers what it does not know.
  if (unknown && (resource.type === 'topic' || nearest(unknown.name, Object.keys(before)))) {
    const error = new KtError('refused', `${resourceText(resource)} not altered (Unknown config name: ${unknown.name})`, {
      code: 'INVALID_CONFIG',
    });
    return { resource, changes: [], error };
  }
  return { resource, changes: changes.map((change) => planChange(resource, change, before)) };
}

function planChange(resource: ConfigResource, change: ConfigChange, before: Layered): Change {
  const entry = before[change.name];
  return changeOf(
    change.name,
    { value: entry?.value ?? null, source: entry?.source ?? null },
    settingAfter(change, entry, ownSource(resource)),
    isSensitive(change.name, entry),
  );
}

function changeOf(name: string, before: Setting, after: Setting, sensitive: boolean): Change {
  return {
    name,
    before: before.value,
    after: sensitive ? null : after.value,
    beforeSource: before.source,
    afterSource: after.source,
    sensitive,
  };
}

function isNoChange({ before, after, beforeSource, afterSource, sensitive }: Change): boolean {
  return !sensitive && before === after && beforeSource === afterSource;
}

/** The controller applies all changes of a request at once, and limits how many there may be. */
const resourcesPerRequest = 500;

/** @returns why the cluster refused a resource, by the resource's text */
async function send(
  cluster: Cluster,
  requests: readonly AlterRequest[],
  validateOnly: boolean,
): Promise<ReadonlyMap<string, KtError>> {
  const changes = new Map(requests.map((request) => [request.resource, request.changes]));
  const errors = new Map<string, KtError>();
  await Promise.all(
    byTarget([...changes.keys()], 'controller').map(async ([target, resources]) => {
      for (let from = 0; from < resources.length; from += resourcesPerRequest) {
        const part = resources.slice(from, from + resourcesPerRequest);
        const { responses } = await cluster.request(
          'IncrementalAlterConfigs',
          { resources: part.map((resource) => alterable(resource, changes.get(resource)!)), validateOnly },
          target,
        );
        const answers = new Map(responses.map((answer) => [`${answer.resourceType} ${answer.resourceName}`, answer]));
        for (const resource of part) {
          const { errorCode, errorMessage } = answers.get(`${resourceTypes[resource.type].code} ${resource.name}`) ?? noAnswer;
          const what = `${resourceText(resource)} not altered`;
          if (errorCode !== 0)
            errors.set(resourceText(resource), configError(errorCode, what, errorMessage, resource, 'ALTER_CONFIGS'));
        }
      }
    }),
  );
  return errors;
}

function alterable({ type, name }: ConfigResource, changes: readonly ConfigChange[]) {
  return {
    resourceType: resourceTypes[type].code,
    resourceName: name,
    configs: changes.map((change) => ({
      name: change.name,
      configOperation: operations[change.operation],
      value: change.value,
    })),
  };
}

/** UNKNOWN_SERVER_ERROR, for a resource that the answer leaves out. */
const noAnswer = { errorCode: -1, errorMessage: null };

/** What was probably meant by a name that the resource does not have, or by a list in brackets. */
function withSuggestion(error: KtError, changes: readonly ConfigChange[], before: Layered | KtError): KtError {
  if (error.code !== 'INVALID_CONFIG' || before instanceof KtError) return error;
  const hint = configHint(
    changes.map(({ name, value }) => [name, value]),
    Object.keys(before),
  );
  return hint === undefined ? error : new KtError(error.kind, error.message, { code: error.code, hint });
}

/**
 * Waits until the brokers have the changes, so that the next command finds them, and reports the values they have then: another process
 * may have changed the same list in the meantime.
 */
async function withSeen(cluster: Cluster, outcomes: readonly AlteredConfigs[]): Promise<readonly AlteredConfigs[]> {
  const altered = outcomes.filter(({ status }) => status === 'altered').map(({ resource }) => resource);
  if (altered.length === 0) return outcomes;
  const seen = new Map<string, Layered>();
  await untilSeen(cluster, async () => {
    const found = await layeredConfigs(cluster, altered);
    for (const [index, configs] of found.entries())
      if (!(configs instanceof KtError)) seen.set(resourceText(altered[index]!), configs);
    return outcomes.every((outcome) => {
      const configs = seen.get(resourceText(outcome.resource));
      return outcome.status !== 'altered' || !configs || outcome.changes.every((change) => isThere(change, configs));
    });
  });
  return outcomes.map((outcome) => {
    const configs = seen.get(resourceText(outcome.resource));
    return configs ? { ...outcome, changes: outcome.changes.map((change) => asSeen(change, configs)) } : outcome;
  });
}

/**
 * Whether a change is visible; always true where before and after are the same. A broker gives its own configs a new source at once, and
 * the value only when it has acted on it, such as by starting more threads.
 */
function isThere({ name, before, beforeSource, after, afterSource, sensitive }: Change, configs: Layered): boolean {
  const value = configs[name]?.value ?? null;
  const source = configs[name]?.source ?? null;
  if (sensitive) return source === afterSource;
  // What a deletion falls back to is not always known.
  if (after === null) return value !== before || source !== beforeSource;
  return source === afterSource && (value === after || value !== before);
}

function asSeen(change: Change, configs: Layered): Change {
  if (!isThere(change, configs)) return change;
  const entry = configs[change.name];
  return { ...change, after: change.sensitive ? null : (entry?.value ?? null), afterSource: entry?.source ?? null };
}
