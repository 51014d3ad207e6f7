/** Values → YAML 1.2. */
import { stringify } from 'yaml';
import { plainData } from './json.ts';

/** One document; text that looks like another type is quoted, lines are never folded. */
export function yamlDocument(value: unknown): string {
  return stringify(plainData(value), { lineWidth: 0, aliasDuplicateObjects: false });
}
