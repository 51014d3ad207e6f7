/** From a parsed expression to Flink SQL that has the same result; what SQL cannot say is refused, with its place. */
import type { Expression, Super } from 'acorn';
import type { ExpressionSource } from '../source.ts';
import { dotted } from '../syntax.ts';
import { type SqlCall, sqlFunctions, sqlMethods } from './calls.ts';
import { type SqlFields, SqlRefusal } from './fields.ts';
import { literalTerm, nothing } from './literal.ts';
import { alternatives, arithmetic, equality, kindOf, order } from './operators.ts';
import { pathOf } from './path.ts';
import { javaPattern } from './pattern.ts';
import { comparison, isNumber, likelyType, type SqlType, type Term, truthOf } from './term.ts';
import { concatenation, insertedText, textOf } from './text.ts';

type Node = Expression | Super;
type NodeOf<T extends Node['type']> = Extract<Node, { type: T }>;

const constantValues: Readonly<Record<string, number>> = {
  'Math.PI': Math.PI,
  'Math.E': Math.E,
  'Number.MAX_SAFE_INTEGER': Number.MAX_SAFE_INTEGER,
  'Number.MIN_SAFE_INTEGER': Number.MIN_SAFE_INTEGER,
};

export class SqlTranslator {
  readonly #source: ExpressionSource;
  readonly #fields: SqlFields;
  readonly #expression: Expression;

  /** @param source an expression that was compiled already: its names and calls are right */
  constructor(source: ExpressionSource, fields: SqlFields) {
    this.#source = source;
    this.#fields = fields;
    this.#expression = source.parse();
  }

  /**
   * The expression as a value.
   * @param wanted its type, where nothing else tells
   * @param use what it is for; what this refuses has the place of the whole expression
   * @throws KtError `usage` with the place of what SQL cannot say
   */
  value<T>(wanted: SqlType, use: (term: Term) => T): T {
    return this.#placed(this.#expression, () => use(this.#term(this.#expression, wanted)));
  }

  /** The expression as a condition: NULL stands for false. @throws KtError as `value` */
  condition(): string {
    return this.#condition(this.#expression);
  }

  #placed<T>(node: Node, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof SqlRefusal)) throw error;
      throw this.#source.error(node.start, `Flink SQL cannot say it: ${error.message}`, error.hint);
    }
  }

  #refuse(node: Node, why: string, hint?: string): never {
    return this.#placed(node, () => {
      throw new SqlRefusal(why, hint);
    });
  }

  #condition(node: Node): string {
    if (node.type === 'ParenthesizedExpression' || node.type === 'ChainExpression') return this.#condition(node.expression);
    if (node.type === 'UnaryExpression' && node.operator === '!') return `(${this.#condition(node.argument)} IS NOT TRUE)`;
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const operator = node.operator === '&&' ? 'AND' : 'OR';
      return `(${this.#condition(node.left)} ${operator} ${this.#condition(node.right)})`;
    }
    return truthOf(this.#term(node, 'BOOLEAN'));
  }

  #term(node: Node, wanted: SqlType): Term {
    const path = pathOf(node);
    if (path) return this.#placed(node, () => this.#fields.field(path, wanted));
    switch (node.type) {
      case 'Identifier':
        return node.name === 'undefined' ? nothing : this.#refuse(node, `${node.name} as a value`);
      case 'Literal':
        if (node.regex) return this.#refuse(node, 'a regular expression as a value', '/…/.test(text) can be said');
        return node.value === null ? nothing : literalTerm(node.value as Exclude<typeof node.value, RegExp | null | undefined>);
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        return this.#term(node.expression, wanted);
      case 'TemplateLiteral':
        return this.#template(node);
      case 'UnaryExpression':
        return this.#unary(node);
      case 'BinaryExpression':
        return this.#binary(node);
      case 'LogicalExpression':
        return this.#logical(node, wanted);
      case 'ConditionalExpression':
        return this.#conditional(node, wanted);
      case 'CallExpression':
        return this.#call(node);
      case 'MemberExpression':
        return this.#member(node);
      case 'ArrayExpression':
        return this.#refuse(node, 'a list');
      case 'ObjectExpression':
        return this.#refuse(node, 'an object');
      default:
        return this.#refuse(node, 'an arrow function');
    }
  }

  #member(node: NodeOf<'MemberExpression'>): Term {
    const constant = constantValues[dotted(node) ?? ''];
    if (constant !== undefined) return literalTerm(constant);
    return this.#refuse(node, 'an element or a property of what is not a field of the record');
  }

  #template({ quasis, expressions }: NodeOf<'TemplateLiteral'>): Term {
    const parts = quasis.flatMap(({ value }, index) => {
      const inserted = expressions[index];
      const text = value.cooked ? [literalTerm(value.cooked)] : [];
      if (!inserted) return text;
      const term = this.#term(inserted, 'STRING');
      return [...text, this.#placed(inserted, () => ({ sql: insertedText(term, this.#fields), type: 'STRING' as const }))];
    });
    return parts.length === 0 ? literalTerm('') : concatenation(parts, this.#fields);
  }

  #unary(node: NodeOf<'UnaryExpression'>): Term {
    if (node.operator === '!') return comparison(this.#condition(node));
    if (node.operator !== '-' && node.operator !== '+') return this.#refuse(node, `'${node.operator}'`);
    const term = this.#term(node.argument, 'DOUBLE');
    if (!isNumber(term)) return this.#refuse(node, `'${node.operator}' before ${kindOf(term)}`);
    if (node.operator === '+') return this.#placed(node, () => sqlFunctions['Number']!.make([term], this.#fields));
    const { literal } = term;
    if (typeof literal === 'number' || typeof literal === 'bigint') return literalTerm(-literal);
    return this.#placed(node, () => arithmetic('-', literalTerm(0), term, this.#fields));
  }

  #binary(node: NodeOf<'BinaryExpression'>): Term {
    const { operator } = node;
    switch (operator) {
      case '+':
      case '-':
      case '*':
      case '/':
      case '%': {
        const [left, right] = this.#pair(node.left as Expression, node.right, 'DOUBLE');
        return this.#placed(node, () => arithmetic(operator, left, right, this.#fields));
      }
      case '==':
      case '!=':
      case '===':
      case '!==': {
        const [left, right] = this.#pair(node.left as Expression, node.right, 'STRING');
        return this.#placed(node, () => equality(operator, left, right));
      }
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const [left, right] = this.#pair(node.left as Expression, node.right, 'DOUBLE');
        return this.#placed(node, () => order(operator, left, right, this.#fields));
      }
      default:
        return this.#refuse(node, `'${operator}'`);
    }
  }

  /** Two operands: where only one has a type of its own, the other is taken for the same. */
  #pair(left: Expression, right: Expression, otherwise: SqlType): readonly [Term, Term] {
    if (this.#isOpen(left) && !this.#isOpen(right)) {
      const other = this.#term(right, otherwise);
      return [this.#term(left, likelyType(other) ?? otherwise), other];
    }
    const first = this.#term(left, otherwise);
    return [first, this.#term(right, likelyType(first) ?? otherwise)];
  }

  #isOpen(node: Expression): boolean {
    const path = pathOf(node);
    return path !== undefined && this.#fields.isOpen(path);
  }

  #logical(node: NodeOf<'LogicalExpression'>, wanted: SqlType): Term {
    const [left, right] = this.#pair(node.left, node.right, wanted);
    if (node.operator === '??') {
      // Only what is missing is replaced; NaN is not.
      if (left.type !== undefined && left.nullMeans !== 'undefined') return left;
      if (left.type === undefined) return right;
      const [first, second, rest] = this.#placed(node, () => alternatives(left, right));
      const { nullMeans: _, ...shared } = rest;
      const isMissing = right.nullMeans ?? (right.type === undefined ? 'undefined' : undefined);
      return { ...shared, sql: `COALESCE(${first}, ${second})`, ...(isMissing && { nullMeans: isMissing }) };
    }
    const [first, second, rest] = this.#placed(node, () => alternatives(left, right));
    const truth = truthOf(left);
    const sql = `CASE WHEN ${truth} THEN ${node.operator === '&&' ? second : first} ELSE ${node.operator === '&&' ? first : second} END`;
    return { ...rest, sql, ...(rest.type === 'BOOLEAN' && { condition: this.#condition(node) }) };
  }

  #conditional(node: NodeOf<'ConditionalExpression'>, wanted: SqlType): Term {
    const test = this.#condition(node.test);
    const [left, right] = this.#pair(node.consequent, node.alternate, wanted);
    const [first, second, rest] = this.#placed(node, () => alternatives(left, right));
    return { ...rest, sql: `CASE WHEN ${test} THEN ${first} ELSE ${second} END` };
  }

  #call(node: NodeOf<'CallExpression'>): Term {
    const { callee } = node;
    const name = dotted(callee);
    const call = name === undefined ? undefined : sqlFunctions[name];
    if (call) return this.#made(node, call, []);
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || name?.startsWith('Math.'))
      return this.#refuse(
        node,
        `${name}()`,
        name?.startsWith('Math.') ? 'Java and JavaScript differ in its last digit' : undefined,
      );
    return this.#method(node, callee.object, callee.property.name);
  }

  #method(node: NodeOf<'CallExpression'>, of: Node, name: string): Term {
    if (of.type === 'Literal' && of.regex && name === 'test') return this.#test(node, of.regex);
    const method = Object.hasOwn(sqlMethods, name) ? sqlMethods[name] : undefined;
    const isToString = name === 'toString' && node.arguments.length === 0;
    if ((!method && !isToString) || (dotted(node.callee) ?? '').match(/^(Number|Array|Object|JSON|Date)\./))
      return this.#refuse(node, `${dotted(node.callee)?.match(/^[A-Z]/) ? dotted(node.callee) : name}()`);
    const object = this.#term(of, 'STRING');
    if (isToString && isNumber(object)) return this.#placed(node, () => textOf(object, this.#fields));
    if (object.type !== 'STRING') return this.#refuse(node, `${name}() of ${kindOf(object)}`);
    return isToString ? object : this.#made(node, method!, [object]);
  }

  #made(node: NodeOf<'CallExpression'>, { takes, make }: SqlCall, first: readonly Term[]): Term {
    const args = node.arguments.map((each) =>
      each.type === 'SpreadElement' ? this.#refuse(node, "'...'") : this.#term(each, takes),
    );
    return this.#placed(node, () => make([...first, ...args], this.#fields));
  }

  #test(node: NodeOf<'CallExpression'>, { pattern, flags }: { readonly pattern: string; readonly flags: string }): Term {
    return this.#placed(node, () => {
      const { source, countsCharacters } = javaPattern(pattern, flags);
      if (countsCharacters) this.#fields.note('characters beyond U+FFFF, such as emoji, are one for . and [^…], not two');
      const [text, ...more] = node.arguments.map((each) => this.#term(each as Expression, 'STRING'));
      if (text?.type !== 'STRING' || more.length > 0) throw new SqlRefusal('test() of anything but one text');
      return comparison(`REGEXP(${text.sql}, ${literalTerm(source).sql})`, text);
    });
  }
}
