/** Values → YAML 1.2. */
import { stringify } from 'yaml';
import { plainData } from './json.ts';

const style = { lineWidth: 0, aliasDuplicateObjects: false };

/** One document; text that looks like another type is quoted, lines are never folded. A list's items come one by one: the nodes that the library makes of thousands need not be held. */
export function* yamlDocument(value: unknown): Generator<string> {
  if (!Array.isArray(value) || value.length === 0) yield stringify(plainData(value), style);
  else for (const item of value) yield stringify([plainData(item)], style);
}
