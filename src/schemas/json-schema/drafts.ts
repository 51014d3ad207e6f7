/** The drafts of JSON Schema, each with the ajv that knows it; loaded when it is first asked for. */
import type { Ajv, ValidateFunction } from 'ajv';

/** A schema that another one refers to, by the name it is referred to. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Data that validates is taken as it is: nothing is filled in or changed. Unknown words, such as Connect's, do not matter. */
const firstError = { strict: false, allErrors: false, validateFormats: true, logger: false } as const;
/** Code that looks for all errors has no check inside another: the parser of JavaScript can take any number of properties then. */
const everyError = { ...firstError, allErrors: true } as const;

/** What a schema that names no draft is read as: Confluent's default too. */
const defaultDraft = 'http://json-schema.org/draft-07/schema';

type AjvOptions = typeof firstError | typeof everyError;
type NewAjv = (options: AjvOptions) => Promise<Ajv>;

const drafts: readonly (readonly [pattern: RegExp, make: NewAjv])[] = [
  [/draft-04/, async (options) => new (await import('ajv-draft-04')).default.default(options) as unknown as Ajv],
  [
    /draft-06/,
    async (options) => {
      const ajv = new (await import('ajv')).Ajv(options);
      ajv.addMetaSchema((await import('ajv/dist/refs/json-schema-draft-06.json', { with: { type: 'json' } })).default);
      return ajv;
    },
  ],
  [/draft-07/, async (options) => new (await import('ajv')).Ajv(options)],
  [/2019-09/, async (options) => new (await import('ajv/dist/2019.js')).Ajv2019(options) as unknown as Ajv],
  [/2020-12/, async (options) => new (await import('ajv/dist/2020.js')).Ajv2020(options) as unknown as Ajv],
];

/**
 * Compiles a schema to a check of data.
 * @throws Error with the words of ajv for what is no schema, or refers to one that is not there
 */
export async function compileChecks(schema: object | boolean, references: readonly NamedText[]): Promise<ValidateFunction> {
  const draft = (typeof schema === 'object' && (schema as { $schema?: unknown }).$schema) || defaultDraft;
  const make = drafts.find(([pattern]) => pattern.test(String(draft)))?.[1];
  if (!make) throw new Error(`its "$schema" ${JSON.stringify(draft)} is no draft of JSON Schema that kt knows`);
  try {
    return await compiled(await make(firstError), schema, references);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return compiled(await make(everyError), schema, references);
  }
}

async function compiled(ajv: Ajv, schema: object | boolean, references: readonly NamedText[]): Promise<ValidateFunction> {
  (await import('ajv-formats')).default.default(ajv);
  const base =
    typeof schema === 'object'
      ? ((schema as { $id?: unknown; id?: unknown }).$id ?? (schema as { id?: unknown }).id)
      : undefined;
  for (const { name, text } of references) {
    const referred = JSON.parse(text);
    ajv.addSchema(referred, name);
    const resolved = typeof base === 'string' && URL.canParse(name, base) ? new URL(name, base).href : name;
    if (resolved !== name && ajv.getSchema(resolved) === undefined) ajv.addSchema(referred, resolved);
  }
  return ajv.compile(schema);
}
