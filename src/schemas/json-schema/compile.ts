/** JSON Schema: data is JSON text, shown as it stands; what is to be written is checked first. */
import type { ErrorObject } from 'ajv';
import { appendJsonText, isJson } from '../../base/bytes/json-text.ts';
import { parseExactJson } from '../../base/json/exact-json.ts';
import type { CompiledSchema } from '../compiled-schema.ts';
import { SchemaDataError } from '../data-error.ts';
import { pathText } from '../path-text.ts';
import { compileChecks, type NamedText } from './drafts.ts';

const longestQuote = 60;

/**
 * Compiles a JSON Schema. Data that is read is not validated: it is shown as it is.
 * @param writes whether data is to be written, for which the checks are compiled
 * @throws Error for what is no schema
 */
export async function compileJsonSchema(
  text: string,
  references: readonly NamedText[],
  writes: boolean,
): Promise<CompiledSchema> {
  const schema = parsed(text);
  const checks = writes ? await compileChecks(schema, references) : undefined;
  return {
    type: typeof schema === 'object' && typeof schema.title === 'string' ? schema.title : 'json',
    writeJson(bytes, start, end, sink) {
      if (!appendJsonText(sink, bytes, start, end)) throw notJson();
    },
    decode(bytes, start, end) {
      if (!isJson(bytes, start, end)) throw notJson();
      return parseExactJson(bytes.toString('utf8', start, end));
    },
    encode(json) {
      const value = valueIn(json);
      try {
        if (checks && !checks(value)) throw misfit(checks.errors![0]!, value);
      } catch (error) {
        if (error instanceof RangeError) throw new SchemaDataError('it is nested too deeply', '');
        throw error;
      }
      return Buffer.from(json);
    },
  };
}

function parsed(text: string): boolean | { readonly title?: unknown } {
  const schema: unknown = JSON.parse(text);
  if (typeof schema === 'boolean' || (typeof schema === 'object' && schema !== null && !Array.isArray(schema))) return schema;
  throw new Error('a JSON Schema is an object, true or false');
}

function valueIn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new SchemaDataError((error as Error).message, '');
  }
}

function notJson(): SchemaDataError {
  return new SchemaDataError('it is not JSON', '', 0);
}

/** `found "abc", wanted number`, with ajv's words where they say more than a type. */
function misfit({ instancePath, keyword, message, params }: ErrorObject, value: unknown): SchemaDataError {
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let found: unknown = value;
  const path = pathText(
    steps.map((step) => {
      const of = found;
      found = (of as Readonly<Record<string, unknown>>)[step];
      return Array.isArray(of) ? Number(step) : step;
    }),
  );
  const extra = { additionalProperties: 'additionalProperty', unevaluatedProperties: 'unevaluatedProperty' }[keyword];
  if (extra) return new SchemaDataError(`${JSON.stringify(params[extra])} is not in the schema`, path);
  if (keyword === 'required') return new SchemaDataError(`${JSON.stringify(params['missingProperty'])} is missing`, path);
  if (keyword === 'enum' || keyword === 'const') {
    const allowed = [params['allowedValues'] ?? params['allowedValue']].flat().map((each) => JSON.stringify(each));
    return new SchemaDataError(`found ${quoted(found)}, wanted ${allowed.join(' or ')}`, path);
  }
  if (keyword === 'type')
    return new SchemaDataError(`found ${quoted(found)}, wanted ${[params['type']].flat().join(' or ')}`, path);
  return new SchemaDataError(`found ${quoted(found)}, which ${message ?? 'does not fit'}`, path);
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}
