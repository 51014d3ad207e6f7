/** Looks up the schemas that records name, and compiles each once. */
import { isMissing, RegistryError } from '../../schemas/registry/error.ts';
import type { RegisteredSchema } from '../../schemas/registry/schema.ts';
import type { SchemaSource } from '../../schemas/registry/source.ts';
import type { Unreadable } from './field-reader.ts';
import type { NamedSchema } from './framing/named-schema.ts';
import { type LoadOptions, loadSchema } from './load-schema.ts';
import type { LoadedSchema } from './loaded-schema.ts';

export interface LookUpOptions extends LoadOptions {
  readonly source: SchemaSource;
  /** Prints a line for people. */
  readonly note: (text: string) => void;
}

/** So long a failure that may pass is kept, before the registry is asked again. */
const patienceMs = 30_000;

/** Never rejects for a schema that cannot be had: data is then shown as it is, with the reason. */
export function lookUpWith({
  source,
  note,
  ...options
}: LookUpOptions): (schema: NamedSchema) => Promise<LoadedSchema | Unreadable> {
  const loaded = new Map<string, Promise<LoadedSchema | Unreadable>>();
  /** Names that could not be looked up since the registry was away. */
  const failed = new Set<string>();
  let isAway = false;

  /** What could not be had before comes from the registry; other schemas may have come from the cache. */
  function answered(key: string): void {
    if (!failed.delete(key) || !isAway) return;
    note('the registry answers again');
    isAway = false;
  }

  async function find(key: string, named: NamedSchema): Promise<LoadedSchema | Unreadable> {
    const asked = fetched(source, named);
    if (!asked) return { why: 'the registry does not know such names' };
    let registered: RegisteredSchema;
    try {
      registered = await asked;
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      if (isMissing(error)) {
        answered(key);
        return { why: missing(error, named) };
      }
      // It answered, but what it has is of no use.
      if (error.kind === 'refused' && error.status === undefined) {
        answered(key);
        return { why: error.message };
      }
      if (!isAway) note(`${error.message}: data whose schemas are not cached is shown as it is`);
      isAway = true;
      failed.add(key);
      setTimeout(() => loaded.delete(key), patienceMs).unref();
      return { why: 'the registry could not be asked', mayPass: true };
    }
    answered(key);
    try {
      return await loadSchema(registered, named, options);
    } catch (error) {
      return { why: `kt cannot read the schema: ${(error as Error).message}` };
    }
  }

  // Key and value often name the same schema.
  return (named) => {
    const key = `${named.kind} ${named.id}`;
    const known = loaded.get(key);
    if (known) return known;
    const found = find(key, named);
    loaded.set(key, found);
    return found;
  };
}

/** An API that knows no such path answers 404 too, without a code of a registry; Apicurio's own API has no codes. */
function missing({ code, hint }: RegistryError, { kind }: NamedSchema): string {
  return code === 'HTTP_404' && hint !== undefined && kind !== 'global-id'
    ? `nothing is found; ${hint}`
    : 'the registry does not have it';
}

function fetched(source: SchemaSource, { kind, id }: NamedSchema): Promise<RegisteredSchema> | undefined {
  switch (kind) {
    case 'id':
      return source.byId(Number(id));
    // Apicurio gives its content ids to clients of Confluent's API.
    case 'content-id':
      return source.byId(Number(id));
    case 'guid':
      return source.byGuid(id);
    case 'global-id':
      return source.byGlobalId(id);
    default:
      return undefined;
  }
}
