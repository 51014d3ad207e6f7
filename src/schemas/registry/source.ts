/** Schemas by id, GUID or subject, with their references: asked for once a run, and kept on disk for when the registry is away. */

import { readSchema } from './answers.ts';
import { schemaByGlobalId } from './apicurio.ts';
import { isObject } from './body.ts';
import type { RegistryClient } from './client.ts';
import { type CachedSchema, type CacheKey, SchemaCache } from './disk-cache.ts';
import { isMissing, isUnreachable, orIfMissing, RegistryError } from './error.ts';
import { type DraftSchema, type PlainSchema, type ReferenceName, type RegisteredSchema, versionText } from './schema.ts';
import { defaultContext, qualifiedSubject, splitSubject } from './subject.ts';

/** Where an id counts: the context of a subject, or named by itself (`.shop`). */
export interface IdScope {
  readonly subject?: string | undefined;
  readonly context?: string | undefined;
}

export interface SchemaSource {
  /**
   * @throws RegistryError: `isMissing` when the registry does not know it, `isUnreachable` when it cannot be asked and nothing is cached
   */
  byId(id: number, scope?: IdScope): Promise<RegisteredSchema>;
  /** @param guid in UUID's form. @throws as `byId` */
  byGuid(guid: string): Promise<RegisteredSchema>;
  /** @param id Apicurio's own, decimal digits. @throws as `byId` */
  byGlobalId(id: string): Promise<RegisteredSchema>;
  /** Asks the registry, always: a version may have been deleted, and the latest is often another one. @throws as `byId` */
  bySubject(subject: string, version: number | 'latest'): Promise<RegisteredSchema>;
  /** A schema that need not be registered, with what it refers to as seen from a subject. @throws as `byId` */
  ofDraft(draft: DraftSchema, subject: string): Promise<RegisteredSchema>;
}

/** So long a registry that was away, or did not know an id, is not asked again. */
const patienceMs = 30_000;
const mostRemembered = 10_000;
const deepestReference = 100;

type FetchReference = (subject: string, version: number) => Promise<PlainSchema>;

export class RegistrySource implements SchemaSource {
  readonly #client: RegistryClient;
  readonly #cache: SchemaCache;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, Promise<RegisteredSchema>>();
  readonly #references = new Map<string, Promise<PlainSchema>>();
  #away: { readonly error: unknown; readonly until: number } | undefined;

  constructor(client: RegistryClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
    this.#cache = new SchemaCache(client.settings);
  }

  byId(id: number, { subject, context }: IdScope = {}): Promise<RegisteredSchema> {
    const place = context ?? (subject === undefined ? defaultContext : splitSubject(subject).context);
    const what = `get the schema with id ${id}`;
    return this.#remembered({ kind: 'id', name: String(id), context: place }, async () => {
      const query = place === defaultContext ? {} : { subject: subject ?? `:${place}:` };
      const value = await this.#client.ask({ path: ['schemas', 'ids', id], query, what });
      // The subject it answers with is one of perhaps several, and the version that one's.
      return { ...readSchema(value, what), id };
    });
  }

  byGuid(guid: string): Promise<RegisteredSchema> {
    const what = `get the schema with GUID ${guid}`;
    return this.#remembered({ kind: 'guid', name: guid.toLowerCase(), context: defaultContext }, async () => {
      const schema = readSchema(await this.#client.ask({ path: ['schemas', 'guids', guid], what }), what);
      const id = schema.id ?? (await this.#idOf(guid));
      return { ...schema, guid, ...(id !== undefined && { id }) };
    });
  }

  byGlobalId(id: string): Promise<RegisteredSchema> {
    const key: CacheKey = { kind: 'global-id', name: id, context: defaultContext };
    return this.#remembered(key, () => schemaByGlobalId(this.#client, id));
  }

  ofDraft(draft: DraftSchema, subject: string): Promise<RegisteredSchema> {
    return this.#resolved(draft, subject);
  }

  async bySubject(name: string, version: number | 'latest'): Promise<RegisteredSchema> {
    const what = `get ${versionText({ subject: name, version })}`;
    const value = await this.#client.ask({ path: ['subjects', name, 'versions', version], what });
    return this.#resolved(readSchema(value, what, { subject: name }), name);
  }

  #resolved(schema: PlainSchema, ofSubject: string): Promise<RegisteredSchema> {
    const { context } = splitSubject(ofSubject);
    return resolve(schema, context, (subject, version) => this.#reference(subject, version));
  }

  /** A GUID counts in every context, and its schema may have another id in each. */
  async #idOf(guid: string): Promise<number | undefined> {
    const asked = this.#client.ask({ path: ['schemas', 'guids', guid, 'ids'], what: `get the ids of GUID ${guid}` });
    const value = await orIfMissing(asked, []);
    const all = (Array.isArray(value) ? value : []).filter(isObject);
    const { id } = all.find(({ context }) => context === defaultContext) ?? all[0] ?? {};
    return typeof id === 'number' ? id : undefined;
  }

  #remembered(key: CacheKey, fetch: () => Promise<PlainSchema>): Promise<RegisteredSchema> {
    const name = `${key.kind} ${key.context} ${key.name}`;
    const known = this.#known.get(name);
    if (known) return known;
    if (this.#known.size >= mostRemembered) this.#known.clear();
    const schema = this.#load(key, fetch);
    this.#known.set(name, schema);
    schema.catch((error: unknown) => {
      const forget = (): boolean => this.#known.get(name) === schema && this.#known.delete(name);
      if (isMissing(error)) setTimeout(forget, patienceMs).unref();
      else forget();
    });
    return schema;
  }

  async #load(key: CacheKey, fetch: () => Promise<PlainSchema>): Promise<RegisteredSchema> {
    const cached = await this.#cached(key);
    if (cached && this.#cache.isTrusted) return cached;
    try {
      return await this.#ask(key, fetch);
    } catch (error) {
      if (cached && isUnreachable(error)) return cached;
      throw error;
    }
  }

  async #cached(key: CacheKey): Promise<RegisteredSchema | undefined> {
    const found = this.#cache.read(key);
    // One that is not whole is of no use.
    return found && (await fromCache(found, key.context).catch(() => undefined));
  }

  async #ask(key: CacheKey, fetch: () => Promise<PlainSchema>): Promise<RegisteredSchema> {
    if (this.#away && Date.now() < this.#away.until) throw this.#away.error;
    try {
      const fetched: CachedSchema = { root: await fetch(), references: {} };
      const resolved = await resolve(fetched.root, key.context, async (subject, version) => {
        const schema = await this.#reference(subject, version);
        fetched.references[versionText({ subject, version })] = schema;
        return schema;
      });
      this.#away = undefined;
      this.#cache.write(key, fetched);
      return resolved;
    } catch (error) {
      if (isUnreachable(error) && !this.#signal.aborted) this.#away = { error, until: Date.now() + patienceMs };
      throw error;
    }
  }

  #reference(subject: string, version: number): Promise<PlainSchema> {
    const name = versionText({ subject, version });
    const known = this.#references.get(name);
    if (known) return known;
    const what = `get the referenced schema ${name}`;
    // A schema that others refer to may be soft-deleted; it still counts.
    const asked = this.#client
      .ask({ path: ['subjects', subject, 'versions', version], query: { deleted: true }, what })
      .then((value) => readSchema(value, what, { subject, version }));
    this.#references.set(name, asked);
    asked.catch(() => this.#references.delete(name));
    return asked;
  }
}

function fromCache({ root, references }: CachedSchema, context: string): Promise<RegisteredSchema> {
  return resolve(root, context, (subject, version) => {
    const found = references[versionText({ subject, version })];
    return found ? Promise.resolve(found) : Promise.reject(new Error('the cache is not whole'));
  });
}

/** Puts each reference in its place, one after the other; a schema that several refer to is the same object. */
async function resolve(root: PlainSchema, context: string, fetch: FetchReference): Promise<RegisteredSchema> {
  const done = new Map<string, RegisteredSchema>();
  const walk = async (schema: PlainSchema, path: readonly string[]): Promise<RegisteredSchema> => {
    const references: RegisteredSchema['references'][number][] = [];
    for (const reference of schema.references) {
      references.push({ ...reference, schema: await referred(reference, path) });
    }
    return { ...schema, references };
  };
  const referred = async ({ subject, version }: ReferenceName, path: readonly string[]): Promise<RegisteredSchema> => {
    const name = qualifiedSubject(subject, context);
    const key = versionText({ subject: name, version });
    const known = done.get(key);
    if (known) return known;
    if (path.includes(key)) throw endless(`${[...path.slice(path.indexOf(key)), key].join(' → ')} is a circle`);
    if (path.length >= deepestReference) throw endless(`more than ${deepestReference} below each other`);
    const schema = await walk(await fetch(name, version), [...path, key]);
    done.set(key, schema);
    return schema;
  };
  const { subject, version } = root;
  return walk(root, subject !== undefined && version !== undefined ? [versionText({ subject, version })] : []);
}

function endless(why: string): RegistryError {
  return new RegistryError('refused', `the references of a schema cannot be resolved (${why})`, {
    code: 'REFERENCE_CIRCLE',
    hint: 'register the schemas without it',
  });
}
