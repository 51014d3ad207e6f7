/**
 * Messages straight from their bytes to JSON, in one pass. That works while fields come by their numbers, each once, as all
 * serializers write them; a message that is otherwise is given up and read by `readMessage`.
 */
import type { ByteSink } from '../../../base/bytes/byte-sink.ts';
import { type Cursor, deepest, wireTypes } from '../wire/cursor.ts';
import type { FieldPlan, Plan } from './plan.ts';
import { skipUnknown } from './read-message.ts';

/** Appends the value of a field behind the tag that has been read. False: given up. */
export type WriteField = (cursor: Cursor, sink: ByteSink, tag: number) => boolean;

const openBrace = 123;
const closeBrace = 125;
const endOfGroup = wireTypes.endGroup - wireTypes.startGroup;
/**
 * Appends the message from the cursor to its `end`, or to the end of the group that `groupTag` has begun.
 * @param groupTag 0 for a message that is no group
 * @returns false if its fields are not in order, after any number of bytes
 */
export function writeMessage(
  plan: Plan,
  writers: readonly WriteField[],
  cursor: Cursor,
  sink: ByteSink,
  groupTag: number,
): boolean {
  if (++cursor.depth > deepest) cursor.fault(`nested deeper than ${deepest}`);
  const { fields } = plan;
  const count = fields.length;
  const start = cursor.at;
  const open = sink.length;
  let next = 0;
  let oneofs = 0;
  let isOpen = groupTag !== 0;
  while (cursor.at < cursor.end) {
    const tagAt = cursor.at;
    const tag = cursor.tag();
    let index = next;
    if (index === count || fields[index]!.tag !== tag) {
      if (tag === groupTag + endOfGroup && isOpen) {
        isOpen = false;
        break;
      }
      index = plan.indexOf(tag);
      if (index < 0) {
        skipUnknown(plan, cursor, tag, tagAt);
        continue;
      }
      if (index < next) return false;
      if (!writeAbsent(fields, next, index, sink)) return false;
    }
    const { oneofBit, name } = fields[index]!;
    if ((oneofs & oneofBit) !== 0) return false;
    oneofs |= oneofBit;
    sink.constant(name);
    if (!writers[index]!(cursor, sink, tag)) return false;
    next = index + 1;
  }
  if (isOpen) cursor.fault('a group does not end', start - 1);
  if (!writeAbsent(fields, next, count, sink)) return false;
  cursor.depth--;
  close(cursor, sink, open, start);
  return true;
}

/** Appends what stands for the fields from `from` to before `to`; false if one of them is required: it may still come. */
function writeAbsent(fields: readonly FieldPlan[], from: number, to: number, sink: ByteSink): boolean {
  for (let index = from; index < to; index++) {
    const { absent, isRequired } = fields[index]!;
    if (absent !== undefined) sink.constant(absent);
    else if (isRequired) return false;
  }
  return true;
}

/** Every member has begun with a comma: the first becomes the brace. */
function close(cursor: Cursor, sink: ByteSink, open: number, start: number): void {
  sink.ensure(2);
  if (sink.length === open) sink.buf[sink.length++] = openBrace;
  else sink.buf[open] = openBrace;
  sink.buf[sink.length++] = closeBrace;
  if (sink.length > cursor.sinkLimit) cursor.fault('its JSON is too large', start - 1);
}
