/** Keys as people type them, in the format that records have. */
import { usageError } from '../../base/errors.ts';
import type { ChosenKey } from '../../records/key-choice.ts';
import { loadSerde } from '../../records/serde/stream-serdes.ts';
import type { FieldReading } from './field-reading.ts';

/** @throws KtError `usage` for what is no key of the format */
export async function chosenKeys(
  keys: readonly string[],
  { keyFormat, schemas }: FieldReading,
  option = '--key',
): Promise<readonly ChosenKey[]> {
  if (keys.length === 0) return [];
  const { encode, takes } = await loadSerde(keyFormat ?? 'string', { field: 'key', coordinator: undefined, schemas });
  if (!encode)
    throw usageError(
      `${option} with --key-format ${keyFormat} (kt cannot write such keys)`,
      '--key-format hex takes the bytes of any key',
    );
  return keys.map((text) => {
    const bytes = encode(text);
    if (!bytes) throw usageError(`${option} ${text} (no ${keyFormat ?? 'string'})`, `it has to be ${takes}`);
    return { text, bytes };
  });
}
