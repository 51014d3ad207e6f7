/** The parameters of arrow functions in expressions. */
import type { Pattern } from 'acorn';
import type { ExpressionSource } from './source.ts';

/**
 * The code of a parameter: a name, or a list's elements by their names: `([name, amount]) => …`.
 * @param names gets the names
 * @throws KtError `usage` for anything else
 */
export function parameterCode(node: Pattern, names: Set<string>, source: ExpressionSource): string {
  if (node.type === 'Identifier') {
    names.add(node.name);
    return `v_${node.name}`;
  }
  if (node.type === 'ArrayPattern')
    return `[${node.elements.map((each) => (each ? parameterCode(each, names, source) : '')).join(', ')}]`;
  throw source.error(
    node.start,
    'a parameter is a name or [names]',
    'for example Object.entries(value).some(([name, amount]) => amount > 100)',
  );
}
