/** The columns that records have: their parts, and paths into keys, values and headers. */
import { type KtError, usageError } from '../base/errors.ts';

/** The parts of a record, in the order in which they are told to users. */
const recordParts = ['topic', 'partition', 'offset', 'timestamp', 'timestampType', 'key', 'value', 'headers'] as const;

export interface RecordColumn {
  /** As typed; the header of the column. */
  readonly name: string;
  readonly part: (typeof recordParts)[number];
  /** Into a key or value that is JSON; the name of a header; empty for the part itself. */
  readonly path: readonly string[];
}

const usual = ['topic', 'partition', 'offset', 'timestamp', 'key', 'value'];

/**
 * Reads names such as `key`, `value.user.country`, `value.items.0` and `headers.trace-id`.
 * @param names undefined: topic, partition, offset, timestamp, key and value
 * @throws KtError `usage` for a part that records do not have, naming those there are
 */
export function recordColumns(names: readonly string[] = usual): readonly RecordColumn[] {
  return names.map((name) => {
    const [first = '', ...path] = name.split('.');
    const part = recordParts.find((each) => each.toLowerCase() === first.toLowerCase());
    const takesPath = part === 'key' || part === 'value' || part === 'headers';
    if (!part || (path.length > 0 && !takesPath) || path.includes('')) throw unknown(name);
    return { name, part, path: part === 'headers' && path.length > 0 ? [path.join('.')] : path };
  });
}

function unknown(name: string): KtError {
  return usageError(
    `unknown column ${name}`,
    `columns are ${recordParts.join(', ')}, and paths such as value.user, key.id and headers.trace-id`,
  );
}
