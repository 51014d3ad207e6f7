/** The examples of docs/ways-in.md, with a test's own addresses and secrets in them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../docs/ways-in.md'), 'utf8');

/**
 * The text of a properties file.
 * @param heading of the part of the page
 * @param index of the example in it
 * @param replaced what stands in the example, and what to put there; each must occur
 */
export function wayIn(heading: string, index: number, replaced: Readonly<Record<string, string>>): string {
  const part = page.split(/^(?=##+ )/m).find((text) => text.startsWith(`## ${heading}\n`)) ?? '';
  const [, example] = [...part.matchAll(/```properties\n([\s\S]*?)```/g)][index] ?? [];
  assert.ok(example, `${heading} has no example ${index}`);
  return Object.entries(replaced).reduce((text, [from, to]) => {
    assert.ok(text.includes(from), `${from} in ${heading}`);
    return text.replaceAll(from, () => to);
  }, example);
}
