/** Passes over fields that nobody wants, their form checked all the same. */
import { type Cursor, deepest, wireTypes } from './cursor.ts';

/** Moves behind the value whose tag has been read; of a group, `cursor.groupEnd` then is where its content ends. */
export function skipValue(cursor: Cursor, tag: number): void {
  switch (tag & 7) {
    case wireTypes.varint:
      cursor.varint();
      break;
    case wireTypes.fixed64:
      cursor.fixed64();
      break;
    case wireTypes.bytes:
      cursor.at = cursor.lengthEnd();
      break;
    case wireTypes.startGroup:
      skipGroups(cursor, tag);
      break;
    case wireTypes.fixed32:
      cursor.fixed32();
      break;
    default:
      cursor.fault('a group ends that has not begun');
  }
}

/** Groups may hold groups: a list of those that are open needs no stack. */
function skipGroups(cursor: Cursor, first: number): void {
  const open = [first];
  while (open.length > 0) {
    if (cursor.at >= cursor.end) cursor.fault('a group does not end');
    const { at } = cursor;
    const tag = cursor.tag();
    const type = tag & 7;
    if (type === wireTypes.startGroup) {
      if (open.length + cursor.depth >= deepest) cursor.fault(`nested deeper than ${deepest}`);
      open.push(tag);
    } else if (type !== wireTypes.endGroup) skipValue(cursor, tag);
    else if (tag !== open.pop()! + 1) cursor.fault('another group ends than the one that has begun last', at);
    else cursor.groupEnd = at;
  }
}
