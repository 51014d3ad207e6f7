/** Values → YAML 1.2. */
import { stringify } from 'yaml';
import { plainData } from './json.ts';

const style = { lineWidth: 0, aliasDuplicateObjects: false };

/** One document; text that looks like another type is quoted, lines are never folded. A list comes item by item, so that the library's nodes of a long one are never held all at once. */
export function* yamlDocument(value: unknown): Generator<string> {
  if (!Array.isArray(value) || value.length === 0) yield stringify(plainData(value), style);
  else for (const item of value) yield stringify([plainData(item)], style);
}
