/** What keeps one Avro schema from reading what another wrote. Logical types do not count, as registries see it. */
import { KtError } from '../../../base/errors.ts';
import { parseAvro } from '../../avro/parse.ts';
import { isSameName, matchFields, matchingBranch, misfitOf } from '../../avro/resolution-rules.ts';
import { type AvroType, type EnumType, type Logical, logicalTypeName, type RecordType } from '../../avro/types.ts';

/** Why data of a writer's schema cannot be read with a reader's, by path. */
export interface Unreadable {
  readonly path: string;
  readonly kind: 'missing' | 'type' | 'symbols';
  /** The types in a line each; the writer's is empty for a field that it has not got. */
  readonly reader: string;
  readonly writer: string;
}

/** @param reader the schema that reads, and @param writer the one that wrote: their whole texts @returns nothing where one of them is no schema */
export function unreadableParts(reader: string, writer: string): Unreadable[] {
  const resolution = new Resolution();
  try {
    resolution.types(parseAvro(reader), parseAvro(writer), '');
  } catch (error) {
    if (!(error instanceof KtError)) throw error;
    return [];
  }
  return resolution.problems;
}

class Resolution {
  readonly problems: Unreadable[] = [];
  readonly #seen = new Map<RecordType, Set<RecordType>>();

  /** @param whole what the writer's type is a branch of: what is told */
  types(to: AvroType, from: AvroType, path: string, whole = from): void {
    if (from.kind === 'union') {
      for (const branch of from.branches) this.types(to, branch, path, from);
    } else if (to.kind === 'union') {
      const index = matchingBranch(from, to);
      if (index === -1) this.#report(path, 'type', to, whole);
      else this.types(to.branches[index]!, from, path, whole);
    } else if (misfitOf(from, to) !== undefined) this.#report(path, 'type', to, whole);
    else this.#parts(to, from, path, whole);
  }

  /** Two types of one kind, and what is in them. */
  #parts(to: AvroType, from: AvroType, path: string, whole: AvroType): void {
    if (to.kind === 'array' && from.kind === 'array') this.types(to.items, from.items, `${path}[]`);
    if (to.kind === 'map' && from.kind === 'map') this.types(to.values, from.values, `${path}{}`);
    if (to.kind === 'enum' && from.kind === 'enum') this.#symbols(to, from, path);
    if (to.kind !== 'record' || from.kind !== 'record') return;
    // Data can be read all the same, but registries refuse it.
    if (isSameName(from, to)) this.#fields(to, from, path);
    else this.#report(path, 'type', to, whole);
  }

  #symbols(to: EnumType, from: EnumType, path: string): void {
    const isKnown = to.default !== undefined || from.symbols.every((symbol) => to.symbols.includes(symbol));
    if (!isKnown) this.#report(path, 'symbols', to, from);
  }

  #fields(to: RecordType, from: RecordType, path: string): void {
    // Once is enough, and a record may hold itself.
    const seen = this.#seen.get(to) ?? new Set();
    if (seen.has(from)) return;
    this.#seen.set(to, seen.add(from));
    const { targets, missing } = matchFields(from, to);
    for (const [index, { name, type }] of to.fields.entries()) {
      const at = path === '' ? name : `${path}.${name}`;
      const written = from.fields[targets.indexOf(index)];
      if (written) this.types(type, written.type, at);
      else if (missing.includes(name)) this.problems.push({ path: at, kind: 'missing', reader: lineOf(type), writer: '' });
    }
  }

  #report(path: string, kind: Unreadable['kind'], to: AvroType, from: AvroType): void {
    this.problems.push({ path, kind, reader: lineOf(to), writer: lineOf(from) });
  }
}

/** A type in a line, as `avroParts` writes it. */
function lineOf(type: AvroType): string {
  switch (type.kind) {
    case 'union':
      return type.branches.map(lineOf).join(' | ');
    case 'array':
      return `array of ${lineOf(type.items)}`;
    case 'map':
      return `map of ${lineOf(type.values)}`;
    case 'record':
      return `record ${type.name}`;
    case 'enum': {
      const otherwise = type.default === undefined ? '' : `, default ${type.default}`;
      return `enum ${type.name} (${type.symbols.join(', ')})${otherwise}`;
    }
    case 'fixed':
      return `fixed ${type.name} (${type.size} bytes)${logicalText(type.logical)}`;
    default:
      return `${type.kind}${logicalText(type.logical)}`;
  }
}

function logicalText(logical: Logical | undefined): string {
  if (logical === undefined) return '';
  if (logical.name === 'decimal') return ` decimal(${logical.precision},${logical.scale})`;
  return ` ${logicalTypeName(logical)}`;
}
