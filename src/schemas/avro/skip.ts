/** Passes over values that the reader's schema has not. */
import type { Cursor } from './cursor.ts';
import { inside } from './flaw.ts';
import type { Reader } from './read-scalar.ts';
import type { AvroType, RecordType } from './types.ts';

type Skipper = (from: Cursor) => void;

/** @param known shared by all skippers of a schema */
export function skipperOf(type: AvroType, known = new Map<RecordType, Skipper[]>()): Reader & Skipper {
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
      return skipBlocks(skipperOf(type.items, known));
    case 'map': {
      const value = skipperOf(type.values, known);
      return skipBlocks((from) => {
        from.take(from.length());
        value(from);
      });
    }
    case 'union': {
      const branches = type.branches.map((branch) => skipperOf(branch, known));
      return (from) => branchOf(branches, from)(from);
    }
    case 'record':
      return recordSkipper(type, known);
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

function recordSkipper(type: RecordType, known: Map<RecordType, Skipper[]>): Skipper {
  let fields = known.get(type);
  if (!fields) {
    fields = [];
    known.set(type, fields);
    for (const field of type.fields) fields.push(skipperOf(field.type, known));
  }
  const skippers = fields;
  return (from) => {
    from.enter();
    for (let index = 0; index < skippers.length; index++) {
      try {
        skippers[index]!(from);
      } catch (error) {
        throw inside(error, type.fields[index]!.name);
      }
    }
    from.leave();
  };
}
