/** The fields of a .proto file: every statement by the message, enum or service that it is in. */
import type { SchemaParts } from './change.ts';

const comments = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/;
const tokens = new RegExp(`${comments.source}|${strings.source}|[\\w.]+|[^\\s]`, 'g');

/** `shop.Order.items` → `repeated Item items = 3`. Comments, blanks and the order of fields do not count. */
export function protobufParts(text: string): SchemaParts {
  const parts = new Map<string, string>();
  /** Names of the blocks that are open; empty for one that names nothing, such as an option's value. */
  const blocks: string[] = [];
  let statement: string[] = [];
  let inValue = 0;
  const path = (name: string): string => [...blocks.filter((each) => each !== ''), name].join('.');
  const end = (): void => {
    if (statement.length > 0) parts.set(path(nameOf(statement)), joined(statement));
    statement = [];
  };
  for (const [token] of text.matchAll(tokens)) {
    if (/^\/[/*]/.test(token)) continue;
    if (token === '[' || (token === '{' && !isBlock(statement))) inValue++;
    if (inValue > 0) statement.push(token);
    else if (token === ';') end();
    else if (token === '{') {
      const name = blockName(statement);
      if (name !== '') parts.set(path(name), joined(statement));
      blocks.push(name);
      statement = [];
    } else if (token === '}') {
      end();
      blocks.pop();
    } else statement.push(token);
    if ((token === ']' || token === '}') && inValue > 0) inValue--;
  }
  end();
  return parts;
}

/** `message Order {`, and `optional group Result = 1 {`; not `option (x) = {` nor what is in brackets. */
function isBlock(statement: readonly string[]): boolean {
  return (
    /^(message|enum|oneof|service|extend|rpc)$/.test(statement[0] ?? '') ||
    statement.includes('group') ||
    statement.includes('returns')
  );
}

function blockName(statement: readonly string[]): string {
  const group = statement.indexOf('group');
  return (group > 0 ? statement[group + 1] : statement[1]) ?? '';
}

/** The field's, option's or import's own name: what stands before `=`, or the whole. */
function nameOf(statement: readonly string[]): string {
  const [first = ''] = statement;
  if (/^(import|package|syntax|edition|reserved|extensions)$/.test(first)) {
    return first === 'import' ? `import ${statement.at(-1)}` : first;
  }
  const equals = statement.indexOf('=');
  const before = equals > 0 ? statement.slice(0, equals) : statement;
  if (first === 'option') return `option ${before.slice(1).join('')}`;
  return first === 'rpc' ? (statement[1] ?? '') : (before.at(-1) ?? '');
}

function joined(statement: readonly string[]): string {
  return statement
    .join(' ')
    .replace(/ ([,;>)\]])/g, '$1')
    .replace(/([<([]) /g, '$1')
    .replace(/ </g, '<');
}
