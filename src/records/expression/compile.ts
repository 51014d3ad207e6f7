/** Expressions as people write them → a function of our own over a record's decoded fields: parsed once, only what is allowed is compiled. */
import { type AnyNode, type Expression, type Pattern as Parameter, parse, type SpreadElement, type Super } from 'acorn';
import { KtError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { ExpressionFailure } from './failure.ts';
import { constants, functions } from './functions.ts';
import { calls, methods } from './methods.ts';
import * as operators from './operators.ts';
import { Pattern } from './pattern.ts';
import { restartWork, work } from './work.ts';

/** What an expression can name. */
export const fieldNames = ['key', 'value', 'headers', 'topic', 'partition', 'offset', 'timestamp'] as const;
export type FieldName = (typeof fieldNames)[number];

/** One record's fields, each decoded when an expression first asks for it. */
export type RecordScope = { readonly [name in FieldName]: unknown };

export interface CompiledExpression {
  /** The fields that it names. */
  readonly uses: ReadonlySet<FieldName>;
  /** @throws ExpressionFailure, or whatever JavaScript throws for values that do not fit, for this record alone */
  evaluate(scope: RecordScope): unknown;
}

/**
 * Compiles one expression.
 *
 * It is JavaScript's, over plain values, with these differences: a missing field is `undefined` and never an error; integers are exact to 64
 * bits; there is nothing to call but the functions and methods listed in functions.ts and methods.ts, nothing to change, and no loop.
 * @param flag who asked, for errors: `--where`
 * @throws KtError `usage` with the place of what is wrong
 */
export function compileExpression(flag: string, source: string): CompiledExpression {
  const generator = new Generator(flag, source);
  const code = generator.generate();
  const runtime = { ...operators, calls, functions, work };
  // Only code that the generator wrote is compiled here: names and texts of the expression stand in it as JSON or as checked identifiers.
  const build = new Function(
    'runtime',
    'patterns',
    `"use strict"; const { ${Object.keys(runtime).join(', ')} } = runtime; return (scope) => (${code});`,
  );
  const evaluate = build(runtime, generator.patterns) as (scope: RecordScope) => unknown;
  return {
    uses: generator.uses,
    evaluate(scope) {
      restartWork();
      return evaluate(scope);
    },
  };
}

/** Names that values inherit in JavaScript: as fields they are looked up among a value's own. */
const inherited = new Set(
  [Object, Array, String, Number, Boolean, BigInt, Function].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype)),
);

const binaries: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
  '**': 'power',
  '&': 'bitAnd',
  '|': 'bitOr',
  '^': 'bitXor',
  '<<': 'shiftLeft',
  '>>': 'shiftRight',
  '>>>': 'shiftUnsigned',
};

const unaries: Readonly<Record<string, string>> = { '-': 'negate', '+': 'toNumber', '~': 'bitNot', typeof: 'typeName' };

/** What is not allowed, by the kind of syntax, with what to write instead. */
const refusals: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  AssignmentExpression: ['an assignment', '== and === compare: value.id === 1'],
  UpdateExpression: ['an assignment', 'an expression changes nothing: value.count + 1'],
  NewExpression: ["'new'", 'time(text) reads a time, /…/ is a regular expression'],
  ThisExpression: ["'this'", `an expression can name ${fieldNames.join(', ')}`],
  FunctionExpression: ['a function', 'an arrow function is enough: value.items.some(item => item.price > 100)'],
  ClassExpression: ['a class', 'an expression gives a value'],
  AwaitExpression: ["'await'", 'an expression waits for nothing'],
  ImportExpression: ["'import'", 'an expression reaches nothing but the record'],
  MetaProperty: ["'import.meta'", 'an expression reaches nothing but the record'],
  SequenceExpression: ['a comma', '&& joins two conditions'],
  TaggedTemplateExpression: ['a tagged template', 'leave out the name before the backtick'],
};

const functionsHint = `functions are ${Object.keys(functions).slice(0, 9).join(', ')} and Math's`;

const mostCharacters = 16_384;

class Generator {
  readonly uses = new Set<FieldName>();
  readonly patterns: Pattern[] = [];
  readonly #flag: string;
  readonly #source: string;
  readonly #parameters: Set<string>[] = [];
  #depth = 0;

  constructor(flag: string, source: string) {
    this.#flag = flag;
    this.#source = source;
  }

  generate(): string {
    if (this.#source.length > mostCharacters) throw this.#error(0, `longer than ${mostCharacters} characters`);
    return this.#expression(this.#parsed());
  }

  #parsed(): Expression {
    let body: readonly AnyNode[];
    try {
      body = parse(this.#source, { ecmaVersion: 2022, sourceType: 'module' }).body;
    } catch (error) {
      // An object looks like a block where a statement may stand.
      const wrapped = this.#wrapped();
      if (wrapped) return wrapped;
      const { message, pos = 0 } = error as Error & { pos?: number };
      throw this.#error(pos, lowerFirst(message.replace(/ \(\d+:\d+\)$/, '')), missingOperand(message));
    }
    const [statement, second] = body;
    if (!statement) throw this.#error(0, 'it is empty', `for example ${this.#flag} 'value.amount > 100'`);
    if (second) throw this.#error(second.start, 'only one expression can stand here', '&& joins two conditions');
    if (statement.type === 'ExpressionStatement') return statement.expression;
    const wrapped = statement.type === 'BlockStatement' ? this.#wrapped() : undefined;
    if (wrapped) return wrapped;
    throw this.#error(
      statement.start,
      'a statement, where an expression is needed',
      `for example ${this.#flag} 'value.amount > 100'`,
    );
  }

  /** The whole text as one expression that begins with a brace. */
  #wrapped(): Expression | undefined {
    if (!/^\s*\{/.test(this.#source)) return undefined;
    try {
      const [statement, second] = parse(`(${this.#source}\n)`, { ecmaVersion: 2022, sourceType: 'module' }).body;
      if (second || statement?.type !== 'ExpressionStatement' || statement.expression.type !== 'ObjectExpression')
        return undefined;
      return statement.expression;
    } catch {
      return undefined;
    }
  }

  #error(at: number, why: string, hint?: string): KtError {
    const excerpt = { text: this.#source, at: Math.min(at, this.#source.length) };
    return new KtError('usage', `${this.#flag} '${this.#source}' (${why})`, { hint, excerpt });
  }

  #expression(node: Expression | SpreadElement | Super): string {
    if (++this.#depth > 200) throw this.#error(node.start, 'it is nested too deep');
    const code = this.#node(node);
    this.#depth--;
    return code;
  }

  #node(node: Expression | SpreadElement | Super): string {
    switch (node.type) {
      case 'Identifier':
        return this.#name(node.name, node.start);
      case 'Literal':
        if (node.regex) return this.#pattern(node.regex.pattern, node.regex.flags, node.start);
        if (typeof node.value === 'bigint') return `(${node.value}n)`;
        return typeof node.value === 'number' ? this.#number(node.value, node.raw ?? '') : JSON.stringify(node.value);
      case 'TemplateLiteral':
        return node.quasis
          .map(({ value }, index) => {
            const text = JSON.stringify(value.cooked ?? '');
            const inserted = node.expressions[index];
            return inserted ? `${text}, asText(${this.#expression(inserted)})` : text;
          })
          .join(', ')
          .replace(/^([\s\S]*)$/, (parts) => `joined([${parts}])`);
      case 'ArrayExpression':
        return `listOf([${node.elements.map((element) => (element ? this.#expression(element) : 'undefined')).join(', ')}])`;
      case 'SpreadElement':
        return `...spread(${this.#expression(node.argument)})`;
      case 'ObjectExpression':
        return `{__proto__: null, ${node.properties.map((property) => this.#property(property)).join(', ')}}`;
      case 'UnaryExpression': {
        if (node.operator === '!') return `(!${this.#expression(node.argument)})`;
        if (node.operator === 'void') return 'undefined';
        const operator = unaries[node.operator];
        if (!operator) throw this.#error(node.start, `'${node.operator}' changes something`, 'an expression changes nothing');
        return `${operator}(${this.#expression(node.argument)})`;
      }
      case 'BinaryExpression':
        if (node.left.type === 'PrivateIdentifier') throw this.#error(node.start, 'a private name');
        return this.#binary(node.operator, this.#expression(node.left), this.#expression(node.right), node.start);
      case 'LogicalExpression':
        return `(${this.#expression(node.left)} ${node.operator} ${this.#expression(node.right)})`;
      case 'ConditionalExpression':
        return `(${this.#expression(node.test)} ? ${this.#expression(node.consequent)} : ${this.#expression(node.alternate)})`;
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        return this.#expression(node.expression);
      case 'MemberExpression':
        return this.#member(node);
      case 'CallExpression':
        return this.#call(node);
      case 'ArrowFunctionExpression':
        throw this.#error(
          node.start,
          'an arrow function outside of a call',
          'for example value.items.some(item => item.price > 100)',
        );
      default: {
        const [what, hint] = refusals[node.type] ?? [node.type, undefined];
        throw this.#error(this.#faultAt(node), `${what} is not allowed`, this.#comparison(node) ?? hint);
      }
    }
  }

  /** Of an assignment, its sign: that is what has to be mended. */
  #faultAt(node: AnyNode): number {
    return node.type === 'AssignmentExpression' ? this.#source.indexOf(node.operator, node.left.end) : node.start;
  }

  /** Most who assign want to compare. */
  #comparison(node: AnyNode): string | undefined {
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') return undefined;
    const text = ({ start, end }: AnyNode): string => this.#source.slice(start, end);
    return `did you mean ${text(node.left)} === ${text(node.right)}?`;
  }

  #name(name: string, at: number): string {
    if (this.#parameters.some((each) => each.has(name))) return `v_${name}`;
    if ((fieldNames as readonly string[]).includes(name)) {
      this.uses.add(name as FieldName);
      return `scope.${name}`;
    }
    if (Object.hasOwn(constants, name)) return constants[name]!;
    const known = [...fieldNames, ...this.#parameters.flatMap((each) => [...each])];
    const near = nearest(name, known);
    if (Object.hasOwn(functions, name)) throw this.#error(at, `${name} is a function`, `call it: ${name}(value)`);
    throw this.#error(
      at,
      `${name} is not defined`,
      near ? `did you mean ${near}?` : `an expression can name ${fieldNames.join(', ')}; a text stands in quotes`,
    );
  }

  #number(value: number, raw: string): string {
    const digits = raw.replaceAll('_', '');
    if (Number.isSafeInteger(value) || !/^(\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits)) return String(value);
    const exact = operators.normal(BigInt(digits));
    return typeof exact === 'bigint' ? `(${exact}n)` : String(exact);
  }

  #pattern(source: string, flags: string, at: number): string {
    try {
      this.patterns.push(new Pattern(source, flags));
    } catch (error) {
      throw this.#error(at, lowerFirst((error as Error).message));
    }
    return `patterns[${this.patterns.length - 1}]`;
  }

  #binary(operator: string, left: string, right: string, at: number): string {
    const named = binaries[operator];
    if (named) return `${named}(${left}, ${right})`;
    switch (operator) {
      case '===':
        return `same(${left}, ${right})`;
      case '!==':
        return `(!same(${left}, ${right}))`;
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return `(${left} ${operator} ${right})`;
      case 'in':
        return `has(${right}, ${left})`;
      default:
        throw this.#error(at, `'${operator}' is not allowed`);
    }
  }

  #property(property: Extract<Expression, { type: 'ObjectExpression' }>['properties'][number]): string {
    if (property.type === 'SpreadElement') return `...fieldsOf(${this.#expression(property.argument)})`;
    if (property.kind !== 'init' || property.method) throw this.#error(property.start, 'a method or getter is not allowed');
    const { key } = property;
    const value = this.#expression(property.value);
    if (property.computed) return `[asText(${this.#expression(key as Expression)})]: ${value}`;
    const name = key.type === 'Identifier' ? key.name : String((key as { value?: unknown }).value);
    // In brackets `__proto__` is a field like any other.
    return `[${JSON.stringify(name)}]: ${value}`;
  }

  #member(node: Extract<Expression, { type: 'MemberExpression' }>): string {
    const whole = dotted(node);
    if (whole && !this.#isLocal(whole) && Object.hasOwn(constants, whole)) return constants[whole]!;
    if (whole && !this.#isLocal(whole) && Object.hasOwn(functions, whole))
      throw this.#error(node.start, `${whole} is a function`, `call it: ${whole}(value)`);
    if (node.property.type === 'PrivateIdentifier') throw this.#error(node.property.start, 'a private name');
    const of = this.#expression(node.object);
    if (node.computed) return `field(${of}, ${this.#expression(node.property as Expression)})`;
    const { name } = node.property as { name: string };
    if (inherited.has(name) || name === '__proto__') return `field(${of}, ${JSON.stringify(name)})`;
    return `${of}?.${name}`;
  }

  #isLocal(whole: string): boolean {
    const first = whole.split('.')[0]!;
    return this.#parameters.some((each) => each.has(first));
  }

  #call(node: Extract<Expression, { type: 'CallExpression' }>): string {
    const { callee } = node;
    const whole = dotted(callee);
    if (whole && !this.#isLocal(whole) && Object.hasOwn(functions, whole)) {
      const { least, most } = functions[whole]!;
      const { length } = node.arguments;
      if (length < least || length > most) {
        const takes = least === most ? String(least) : `${least} to ${most}`;
        throw this.#error(node.start, `${whole} takes ${takes} argument${takes === '1' ? '' : 's'}, not ${length}`);
      }
      return `functions[${JSON.stringify(whole)}].call(${this.#arguments(node.arguments, false)})`;
    }
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
      const { name, start } = callee.property;
      const of = this.#expression(callee.object);
      if (!Object.hasOwn(methods, name)) {
        const near = nearest(name, Object.keys(methods));
        throw this.#error(start, `there is no ${name}() to call`, near ? `did you mean ${near}?` : functionsHint);
      }
      const args = this.#arguments(node.arguments, true);
      return `calls.${name}(${of}, ${methods[name]!.isVariadic ? `[${args}]` : args})`;
    }
    const name = callee.type === 'Identifier' ? callee.name : 'this';
    const near = nearest(name, Object.keys(functions));
    throw this.#error(
      callee.start,
      `${name === 'this' ? 'this' : name} is not a function`,
      near ? `did you mean ${near}?` : functionsHint,
    );
  }

  #arguments(nodes: readonly (Expression | SpreadElement)[], arrows: boolean): string {
    return nodes
      .map((node) => (arrows && node.type === 'ArrowFunctionExpression' ? this.#arrow(node) : this.#expression(node)))
      .join(', ');
  }

  #arrow(node: Extract<Expression, { type: 'ArrowFunctionExpression' }>): string {
    if (node.async || node.body.type === 'BlockStatement')
      throw this.#error(
        node.body.start,
        'an arrow function here is one expression',
        'leave out the braces: item => item.price > 100',
      );
    const names = new Set<string>();
    const parameters = node.params.map((each) => this.#parameter(each, names)).join(', ');
    this.#parameters.push(names);
    const body = this.#expression(node.body);
    this.#parameters.pop();
    return `(${parameters}) => (work(1), ${body})`;
  }

  /** A name, or a list's elements by their names: `([name, amount]) => …`. */
  #parameter(node: Parameter, names: Set<string>): string {
    if (node.type === 'Identifier') {
      names.add(node.name);
      return `v_${node.name}`;
    }
    if (node.type === 'ArrayPattern')
      return `[${node.elements.map((each) => (each ? this.#parameter(each, names) : '')).join(', ')}]`;
    throw this.#error(
      node.start,
      'a parameter is a name or [names]',
      'for example Object.entries(value).some(([name, amount]) => amount > 100)',
    );
  }
}

/** `Math.max` of a chain of names; undefined for anything else. */
function dotted(node: Expression | Super): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (
    node.type !== 'MemberExpression' ||
    node.computed ||
    node.property.type !== 'Identifier' ||
    node.object.type !== 'Identifier'
  )
    return undefined;
  return `${node.object.name}.${node.property.name}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function missingOperand(message: string): string | undefined {
  return message.startsWith('Unexpected token')
    ? 'quote it for the shell, and check operators, quotes and parentheses at this place'
    : undefined;
}

/** Whether an error is about one record alone: the record is left out and counted. */
export function isForRecord(error: unknown): boolean {
  return (
    error instanceof ExpressionFailure ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError
  );
}
