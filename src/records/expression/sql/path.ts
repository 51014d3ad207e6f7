/** Which parts of an expression are fields of the record. */
import type { Expression, Super } from 'acorn';
import { fieldNames } from '../scope.ts';

/** The names that lead to a field of the record: `value.user.id` and `value['user'].id`. */
export function pathOf(node: Expression | Super): readonly string[] | undefined {
  switch (node.type) {
    case 'Identifier':
      return (fieldNames as readonly string[]).includes(node.name) ? [node.name] : undefined;
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return pathOf(node.expression);
    case 'MemberExpression': {
      const of = pathOf(node.object);
      const name = of && nameOf(node);
      return name === undefined ? undefined : [...of!, name];
    }
    default:
      return undefined;
  }
}

function nameOf({ computed, property }: Extract<Expression, { type: 'MemberExpression' }>): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}
