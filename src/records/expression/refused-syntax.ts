/** JavaScript that no expression may use: what it is, and what to write instead. */
import type { AnyNode } from 'acorn';
import type { KtError } from '../../base/errors.ts';
import type { ExpressionSource } from './source.ts';
import { refusals } from './syntax.ts';

/** The error for a node of a kind that is not allowed. */
export function refusedSyntax(node: AnyNode, source: ExpressionSource): KtError {
  const [what, hint] = refusals[node.type] ?? [node.type, undefined];
  return source.error(faultAt(node, source), `${what} is not allowed`, comparison(node, source) ?? hint);
}

/** Of an assignment, its sign: that is what has to be mended. */
function faultAt(node: AnyNode, { text }: ExpressionSource): number {
  return node.type === 'AssignmentExpression' ? text.indexOf(node.operator, node.left.end) : node.start;
}

/** Most who assign want to compare. */
function comparison(node: AnyNode, source: ExpressionSource): string | undefined {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return undefined;
  return `did you mean ${source.of(node.left)} === ${source.of(node.right)}?`;
}
