/** kafka-configs.sh: what it describes and alters are configs, quotas or users, as its entity types say. */
import type { Job } from './job.ts';
import { type Draft, flagged, gone, type Rules, value } from './rules.ts';

/** Entity types, with the short options that name type and entity at once. */
const types: Readonly<Record<string, string>> = {
  topics: 'topic',
  brokers: 'broker',
  'broker-loggers': 'broker-logger',
  groups: 'group',
  'client-metrics': 'client-metrics',
  users: 'user',
  clients: 'client-id',
  ips: 'ip',
};

const quotas: Readonly<Record<string, string>> = {
  producer_byte_rate: '--producer-byte-rate',
  consumer_byte_rate: '--consumer-byte-rate',
  request_percentage: '--request-percentage',
  controller_mutation_rate: '--controller-mutation-rate',
  connection_creation_rate: '--connection-creation-rate',
};

/** `a=1,b=[x,y]`: commas between brackets belong to the value. */
function pairs(text: string): readonly (readonly [key: string, value: string])[] {
  return (text.match(/(?:\[[^\]]*\]|[^,])+/g) ?? []).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1).replace(/^\[(.*)\]$/, '$1')] as const;
  });
}

/** What the line names, while it is read. */
class Entities {
  readonly named: { readonly type: string; name?: string | undefined }[] = [];
  readonly added: (readonly [string, string])[] = [];
  readonly deleted: string[] = [];

  readonly rules: Rules = {
    '--describe': gone,
    '--alter': gone,
    '--all': flagged('--all'),
    '--entity-type': value((text) => (types[text] ? this.named.push({ type: types[text]! }) : false)),
    '--entity-name': value((text) => this.#name(text)),
    '--entity-default': { takes: 'nothing', read: () => this.#name('') },
    '--add-config': value((text) => this.added.push(...pairs(text))),
    '--delete-config': value((text) => this.deleted.push(...text.split(','))),
    '--all-entities': gone,
    ...Object.fromEntries(
      Object.entries(types).map(([plural, type]) => [
        `--${plural.replace(/s$/, '')}`,
        value((name) => this.named.push({ type, name })),
      ]),
    ),
    '--broker-defaults': { takes: 'nothing', read: () => this.named.push({ type: 'broker', name: '' }) > 0 },
    '--user-defaults': { takes: 'nothing', read: () => this.named.push({ type: 'user', name: '' }) > 0 },
    '--client-defaults': { takes: 'nothing', read: () => this.named.push({ type: 'client-id', name: '' }) > 0 },
  };

  #name(name: string): boolean {
    const unnamed = this.named.find((each) => each.name === undefined);
    if (unnamed) unnamed.name = name;
    return unnamed !== undefined;
  }
}

/** Resource configs: `topic orders --config k=v`. */
function configsDraft({ named, added, deleted }: Entities, { args, options }: Draft, alters: boolean): boolean {
  const [entity, ...more] = named;
  if (!entity || more.length > 0 || (alters && entity.name === undefined)) return false;
  args.push(entity.type, ...(entity.name === undefined ? [] : [entity.name === '' ? 'default' : entity.name]));
  options.push(
    ...added.flatMap(([key, text]) => ['--config', `${key}=${text}`]),
    ...deleted.flatMap((key) => ['--delete-config', key]),
  );
  return true;
}

/** Quotas: `--user alice --client-id-default --producer-byte-rate 1024`; one to delete has no value. */
function quotasDraft({ named, added, deleted }: Entities, { options }: Draft): boolean {
  for (const { type, name } of named) {
    if (name === '') options.push(`--${type}-default`);
    else if (name !== undefined) options.push(`--${type}`, name);
  }
  for (const [key, ...text] of [...added, ...deleted.map((each) => [each] as const)]) {
    if (!quotas[key]) return false;
    options.push(quotas[key], ...text);
  }
  return true;
}

/** SCRAM users: `users set alice --mechanism …`; a password on a command line is asked for instead. */
function usersDraft({ named, added }: Entities, { args, options }: Draft): boolean {
  const [[mechanism, settings] = []] = added;
  if (mechanism === undefined || added.length > 1 || named.length !== 1 || !named[0]!.name) return false;
  args.push(named[0]!.name);
  options.push('--mechanism', mechanism);
  const iterations = /iterations=(\d+)/.exec(settings!)?.[1];
  if (iterations) options.push('--iterations', iterations);
  return true;
}

/** A removed quota or mechanism. */
function deletion(entities: Entities, draft: Draft): boolean {
  const { named, added, deleted } = entities;
  if (added.length > 0) return false;
  if (!deleted.every((key) => key.startsWith('SCRAM-'))) return quotasDraft(entities, draft);
  if (named.length !== 1 || !named[0]!.name || deleted.length > 1) return false;
  draft.args.push(named[0]!.name);
  return draft.options.push('--mechanism', deleted[0]!) > 0;
}

/** The job of `configs` with an entity; undefined for kt's own `configs describe topic x`. */
export function configsJob(words: readonly string[], line: readonly string[]): Job | undefined {
  const alters = line.includes('--alter');
  if (words.length !== 1 || !/^configs?$/.test(words[0]!) || !(alters || line.includes('--describe'))) return undefined;
  const entities = new Entities();
  const job = { taken: 1, rules: entities.rules };
  const isOfClients = line.some((word) => /^(--entity-type=)?(users|clients|ips)$|^--(user|client|ip)(-defaults)?$/.test(word));
  if (!isOfClients)
    return {
      ...job,
      command: alters ? 'configs alter' : 'configs describe',
      finish: (draft) => configsDraft(entities, draft, alters),
    };
  if (!alters) return { ...job, command: 'quotas list', finish: (draft) => quotasDraft(entities, draft) };
  const isScram = line.some((word) => word.includes('SCRAM-SHA-'));
  if (line.some((word) => word.startsWith('--delete-config')))
    return { ...job, command: isScram ? 'users delete' : 'quotas delete', finish: (draft) => deletion(entities, draft) };
  if (isScram) return { ...job, command: 'users set', finish: (draft) => usersDraft(entities, draft) };
  return { ...job, command: 'quotas set', finish: (draft) => quotasDraft(entities, draft) };
}
