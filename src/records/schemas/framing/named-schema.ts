/** The schema that a record names, before anybody has looked it up. */

/**
 * What kind of name it is:
 * - `id`: a schema registry's id, 32 bits; `guid`: its globally unique id
 * - `global-id`, `content-id`: Apicurio's own ids, 64 bits
 * - `fingerprint`: Avro's CRC-64, of single-object encoding
 * - `glue`: a schema version of AWS Glue; `azure`: a schema of Azure's registry
 */
type NameKind = 'id' | 'guid' | 'global-id' | 'content-id' | 'fingerprint' | 'glue' | 'azure';

export interface NamedSchema {
  readonly kind: NameKind;
  /** Decimal digits of ids; hexadecimal digits of the others, as their registries print them. */
  readonly id: string;
}

const words: Readonly<Record<NameKind, string>> = {
  id: 'schema id',
  guid: 'schema GUID',
  'global-id': 'Apicurio global id',
  'content-id': 'Apicurio content id',
  fingerprint: 'Avro fingerprint',
  glue: 'AWS Glue schema version',
  azure: 'Azure schema id',
};

/** `schema id 7`, for messages. */
export function nameOf({ kind, id }: NamedSchema): string {
  return `${words[kind]} ${id}`;
}

/** Most names kept of one kind: of data that only looks like names there may be any number. */
const mostNames = 10_000;

/** Gives the same object each time for the same name, so that what is known of it can be kept by it. */
export class SchemaNames {
  readonly #ids = new Map<number, NamedSchema>();
  readonly #others = new Map<string, NamedSchema>();

  ofId(id: number): NamedSchema {
    const known = this.#ids.get(id);
    if (known) return known;
    const named: NamedSchema = { kind: 'id', id: String(id) };
    if (this.#ids.size < mostNames) this.#ids.set(id, named);
    return named;
  }

  of(kind: NameKind, id: string): NamedSchema {
    const key = `${kind} ${id}`;
    const known = this.#others.get(key);
    if (known) return known;
    const named: NamedSchema = { kind, id };
    if (this.#others.size < mostNames) this.#others.set(key, named);
    return named;
  }
}
