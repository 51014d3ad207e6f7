/** Confluent's console tools for Avro, Protobuf and JSON Schema: `kafka-avro-console-consumer` and its like. */
import { consoleRules, printed } from './reading.ts';
import type { Row } from './row.ts';
import { type Draft, type Rules, value } from './rules.ts';
import { written } from './writing.ts';

/** Kinds of schemas, which are formats of kt too, with how their files end. */
const kinds = { avro: 'avsc', protobuf: 'proto', 'json-schema': 'json' } as const;

/** What the registry's client is told becomes kt's options; the rest is kept for whoever finishes the line. */
const property = value((text, { options, properties }) => {
  const [, name, given] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) return false;
  if (name === 'schema.registry.url') return options.push('--registry', given!);
  if (/^(basic\.auth|bearer\.auth|schema\.registry)\./.test(name)) return options.push('-X', text);
  return properties.set(name, given!) !== undefined;
});

const properties: Rules = { '--property': property, '--formatter-property': property, '--reader-property': property };

/** Their values are as Avro's own JSON encoding has them. */
const encoding = (format: string): readonly string[] => (format === 'avro' ? ['--avro-json'] : []);

function reads(format: string) {
  return (draft: Draft): boolean => {
    const { options, properties } = draft;
    if (properties.get('print.key') === 'true' && !options.includes('--key-format')) options.push('--key-format', format);
    return printed(draft);
  };
}

const schemaProperty = /^(key|value)\.schema(\.id|\.file|)$/;
const lineProperty = /^(parse\.key|key\.separator|null\.marker)$/;

/** @param ending of a file with a schema: one that stands on the command line has to be put into a file for kt */
function writes(ending: string) {
  return (draft: Draft): boolean => {
    const { options, properties } = draft;
    for (const [name, given] of properties) {
      const [, field, how] = schemaProperty.exec(name) ?? [];
      if (field === undefined) {
        if (lineProperty.test(name)) continue;
        return false;
      }
      options.push(`--${field}-schema`, how === '.id' ? `id:${given}` : how === '.file' ? given : `./${field}.${ending}`);
      if (how !== '.id' && !options.includes('--register')) options.push('--register');
    }
    return options.includes('--value-schema') && written(draft);
  };
}

export const schemaConsoleRows: readonly Row[] = Object.entries(kinds).flatMap(([format, ending]): Row[] => [
  [
    `${format}-console-consumer`,
    '',
    'tail',
    {
      rules: { ...consoleRules, ...properties },
      options: ['--value-format', format, ...encoding(format)],
      finish: reads(format),
    },
  ],
  [`${format}-console-producer`, '', 'produce', { rules: properties, options: encoding(format), finish: writes(ending) }],
]);
