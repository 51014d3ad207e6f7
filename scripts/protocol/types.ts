/** TypeScript's types of Kafka's messages. */
import { type Field, fieldsOf, isList, lowerFirst, type Message, rangeOf } from './definitions.ts';

const typeNames: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int64: 'bigint',
  string: 'string',
  uuid: 'string',
  bytes: 'Buffer',
};

function typeOf(field: Field, message: Message, request: boolean, indent: string): string {
  const element = field.type.replace(/^\[\]/, '');
  const fields = fieldsOf(field, message);
  let type = fields ? structType(fields, message, request, indent) : (typeNames[element] ?? 'number');
  if (element === 'records') type = request ? 'Buffer | readonly Buffer[]' : 'Buffer';
  if (isList(field)) type = `readonly ${type}[]`;
  return field.nullableVersions === undefined ? type : `${type} | null`;
}

/** A request may leave out fields that have a default (false for a bool) or are not in every version; an answer has every field. */
export function structType(fields: readonly Field[], message: Message, request: boolean, indent: string): string {
  const [validMin, validMax] = rangeOf(message.validVersions);
  const inside = `${indent}  `;
  const lines = fields.map((field) => {
    const [min, max] = rangeOf(field.versions ?? '0+');
    const optional =
      request &&
      (field.type === 'bool' ||
        field.default != null ||
        field.taggedVersions !== undefined ||
        min > validMin ||
        max < validMax);
    return `${inside}readonly ${lowerFirst(field.name)}${optional ? '?' : ''}: ${typeOf(field, message, request, inside)};\n`;
  });
  return lines.length === 0 ? 'Record<never, never>' : `{\n${lines.join('')}${indent}}`;
}
