/** JSON text → the text of its members, so that numbers keep every digit and embedded JSON its spelling. */

/**
 * The members of an object, or of a list under the name '', each with its text.
 * @param text known to be one JSON object or list
 */
export function rawMembers(text: string): readonly (readonly [name: string, raw: string])[] {
  const members: (readonly [string, string])[] = [];
  let isList = false;
  let depth = 0;
  let name = '';
  let start = -1;
  const end = (at: number): void => {
    const raw = start < 0 ? '' : text.slice(start, at).trim();
    if (raw !== '') members.push([name, raw]);
    start = isList ? at + 1 : -1;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      const open = at;
      for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
      if (depth === 1 && start < 0) name = JSON.parse(text.slice(open, at + 1));
    } else if (character === '{' || character === '[') {
      if (depth++ > 0) continue;
      isList = character === '[';
      if (isList) start = at + 1;
    } else if (character === '}' || character === ']') {
      if (--depth === 0) end(at);
    } else if (depth === 1 && character === ',') end(at);
    else if (depth === 1 && character === ':' && start < 0) start = at + 1;
  }
  return members;
}

/** The text of an object's member, the last one of that name, as JSON.parse takes it; empty without one. */
export function rawMember(text: string, wanted: string): string {
  return rawMembers(text).findLast(([name]) => name === wanted)?.[1] ?? '';
}
