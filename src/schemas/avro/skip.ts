/** Passes over values that the reader's schema has not. */
import type { Cursor } from './cursor.ts';
import { inside } from './flaw.ts';
import type { Reader } from './read-scalar.ts';
import type { AvroType, RecordType } from './types.ts';

type Skipper = (from: Cursor) => void;

export function skipperOf(type: AvroType): Reader & Skipper {
  switch (type.kind) {
    case 'null':
      return () => undefined;
    case 'boolean':
      return (from) => void from.take(1);
    case 'int':
    case 'long':
    case 'enum':
      return (from) => void from.long();
    case 'float':
      return (from) => void from.take(4);
    case 'double':
      return (from) => void from.take(8);
    case 'bytes':
    case 'string':
      return (from) => void from.take(from.length());
    case 'fixed':
      return (from) => void from.take(type.size);
    case 'array':
      return skipBlocks(skipperOf(type.items));
    case 'map': {
      const value = skipperOf(type.values);
      return skipBlocks((from) => {
        from.take(from.length());
        value(from);
      });
    }
    case 'union': {
      const branches = type.branches.map((branch) => skipperOf(branch));
      return (from) => branchOf(branches, from)(from);
    }
    case 'record':
      return recordSkipper(type);
  }
}

/** The reader of the branch whose index comes next. */
export function branchOf<T>(branches: readonly T[], from: Cursor): T {
  const { at } = from;
  const index = from.int();
  const branch = branches[index];
  if (branch === undefined) return from.fail(`branch ${index} of a union of ${branches.length}`, at);
  return branch;
}

function skipBlocks(item: Skipper): Skipper {
  return (from) => {
    from.enter();
    for (let count = from.blockCount(); count !== 0; count = from.blockCount()) {
      if (from.blockEnd !== -1) from.at = from.blockEnd;
      else {
        for (; count > 0; count--) {
          from.step();
          item(from);
        }
      }
    }
    from.leave();
  };
}

function recordSkipper({ fields }: RecordType): Skipper {
  // Made when the first record comes: records may hold themselves.
  let skippers: readonly Skipper[] | undefined;
  return (from) => {
    from.enter();
    skippers ??= fields.map((field) => skipperOf(field.type));
    let index = 0;
    try {
      for (; index < skippers.length; index++) skippers[index]!(from);
    } catch (error) {
      throw inside(error, fields[index]!.name);
    }
    from.leave();
  };
}
