/**
 * Any: the message in it, with its type as `@type`. One whose type the schema does not have is shown as it is, `value` in base64,
 * so that nothing is lost.
 */
import { encodeFields, encodeMessage } from '../encode/encode-message.ts';
import type { Encoding } from '../encode/encoding.ts';
import type { Plan, WellKnown } from '../json/plan.ts';
import { readFields, readMessage } from '../json/read-message.ts';
import type { Cursor } from '../wire/cursor.ts';
import { WireFault } from '../wire/fault.ts';
import type { Tree } from '../wire/tree.ts';

const typeName = '@type';

/** @param find the plan of the message with this full name */
export function anyForm(plan: Plan, find: (fullName: string) => Plan | undefined): WellKnown {
  const planOf = (url: string) => (url.includes('/') ? find(url.slice(url.lastIndexOf('/') + 1)) : undefined);
  return {
    read(cursor, forJson): Tree {
      const start = cursor.at;
      const fields = readFields(plan, cursor, forJson);
      const url = fields.get('typeUrl') as string;
      const value = fields.get('value') as string;
      if (url === '' && value === '') return new Map();
      const inner = planOf(url);
      const tree = inner ? readInner(inner, Buffer.from(value, 'base64'), cursor, start, forJson) : value;
      const isPlain = inner !== undefined && inner.wellKnown === undefined;
      return new Map<string, Tree>([[typeName, url], ...(isPlain ? (tree as Map<string, Tree>) : [['value', tree] as const])]);
    },
    encode(value, encoding) {
      if (!(value instanceof Map)) return encoding.refuse(value, 'an object with @type');
      if (value.size === 0) return;
      const members = new Map(value);
      const url = members.get(typeName);
      members.delete(typeName);
      if (typeof url !== 'string') return encoding.fail('"@type" is missing, the URL of the type');
      const inner = planOf(url);
      const content = inner ? encodeInner(inner, members, encoding) : contentOfUnknown(url, members, encoding);
      const fields: [string, Tree][] = [
        ['typeUrl', url],
        ['value', content],
      ];
      encodeFields(plan, new Map(fields), encoding);
    },
  };
}

function readInner(inner: Plan, content: Buffer, cursor: Cursor, start: number, forJson: boolean): Tree {
  const { bytes, at, end } = cursor;
  cursor.bytes = content;
  cursor.at = 0;
  cursor.end = content.length;
  try {
    return readMessage(inner, cursor, forJson);
  } catch (error) {
    // Its place is one in the bytes of `value`; the byte before the Any belongs to it as a whole.
    throw error instanceof WireFault ? new WireFault(error.message, start - 1) : error;
  } finally {
    cursor.bytes = bytes;
    cursor.at = at;
    cursor.end = end;
  }
}

/** The message as base64, which is all that is known of it. */
function contentOfUnknown(url: string, members: Map<string, Tree>, encoding: Encoding): Tree {
  const value = members.get('value');
  if (members.size === 1 && value !== undefined) return value;
  return encoding.fail(`${JSON.stringify(url)} is no type of the schema: "value" is wanted, the message in base64`);
}

/** The message as base64, the form of any field of bytes. */
function encodeInner(inner: Plan, members: Map<string, Tree>, encoding: Encoding): string {
  const { out } = encoding;
  const start = out.length;
  const value = inner.wellKnown ? members.get('value') : members;
  if (value === undefined) encoding.fail(`"value" is missing, the ${inner.message.fullName}`);
  encodeMessage(inner, value!, encoding);
  const text = out.buf.toString('base64', start, out.length);
  out.length = start;
  return text;
}
