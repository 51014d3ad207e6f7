/** From a parsed expression to JavaScript code of our own: only what is listed here is ever written. */
import type { Expression, SpreadElement, Super } from 'acorn';
import { nearest } from '../../base/nearest.ts';
import { constants, functions } from './functions.ts';
import { methods } from './methods.ts';
import { parameterCode } from './parameter.ts';
import { checkCount, noFunction, noMethod } from './refused-calls.ts';
import { refusedSyntax } from './refused-syntax.ts';
import type { ExpressionSource } from './source.ts';
import { binaryCode, dotted, memberCode, numberCode, unaries } from './syntax.ts';
import { namesBehindValue, type ValuePaths } from './value-paths.ts';

/** A regular expression as it stands in an expression. */
interface RegexLiteral {
  readonly source: string;
  readonly flags: string;
  /** Index of its first character. */
  readonly at: number;
}

/** Writes the code of one expression; everything that it names is checked. */
export class Generator {
  readonly uses = new Set<string>();
  /** What the code finds as `patterns`, in this order. */
  readonly regexes: RegexLiteral[] = [];
  readonly #source: ExpressionSource;
  readonly #names: readonly string[];
  readonly #paths: ValuePaths;
  readonly #parameters: Set<string>[] = [];
  #depth = 0;

  /**
   * @param names what the expression may name: identifiers
   * @param paths told of what the code reads of the value
   */
  constructor(source: ExpressionSource, names: readonly string[], paths: ValuePaths) {
    this.#source = source;
    this.#names = names;
    this.#paths = paths;
  }

  /** @throws KtError `usage` for what is not allowed */
  generate(tree: Expression): string {
    return this.#expression(tree);
  }

  /**
   * Of an expression that is a function of what `names` says: its parameters and the body's code.
   * @param example how such a function is given
   * @throws KtError `usage` for what is no such function, or not allowed
   */
  generateFunction(names: readonly string[], example: string) {
    let node = this.#source.parse();
    while (node.type === 'ParenthesizedExpression') node = node.expression;
    const hint = `for example ${example}`;
    if (node.type !== 'ArrowFunctionExpression')
      throw this.#source.error(node.start, `it has to be a function of ${names.join(' and ')}`, hint);
    const spare = node.params[names.length];
    if (spare) throw this.#source.error(spare.start, `there are only ${names.join(' and ')}`, hint);
    return this.#arrowParts(node);
  }

  #expression(node: Expression | SpreadElement | Super): string {
    if (++this.#depth > 200) throw this.#source.error(node.start, 'it is nested too deep');
    const code = this.#node(node);
    this.#depth--;
    return code;
  }

  #node(node: Expression | SpreadElement | Super): string {
    switch (node.type) {
      case 'Identifier':
        return this.#name(node.name, node.start);
      case 'Literal':
        // By itself it would be true of every record.
        if (node.regex)
          throw this.#source.error(
            node.start,
            'a regular expression that nothing is matched with',
            `write ${node.raw}.test(value.name)`,
          );
        if (typeof node.value === 'bigint') return `(${node.value}n)`;
        return typeof node.value === 'number' ? numberCode(node.value, node.raw ?? '') : JSON.stringify(node.value);
      case 'TemplateLiteral':
        return `joined([${this.#templateParts(node).join(', ')}])`;
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
        if (!operator)
          throw this.#source.error(node.start, `'${node.operator}' changes something`, 'an expression changes nothing');
        return `${operator}(${this.#expression(node.argument)})`;
      }
      case 'BinaryExpression':
        if (node.left.type === 'PrivateIdentifier') throw this.#source.error(node.start, 'a private name');
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
        throw this.#source.error(
          node.start,
          'an arrow function outside of a call',
          'for example value.items.some(item => item.price > 100)',
        );
      default:
        throw refusedSyntax(node, this.#source);
    }
  }

  #templateParts({ quasis, expressions }: Extract<Expression, { type: 'TemplateLiteral' }>): readonly string[] {
    return quasis.flatMap(({ value }, index) => {
      const inserted = expressions[index];
      const text = JSON.stringify(value.cooked ?? '');
      return inserted ? [text, `asText(${this.#expression(inserted)})`] : [text];
    });
  }

  #name(name: string, at: number): string {
    if (this.#parameters.some((each) => each.has(name))) return `v_${name}`;
    if (this.#names.includes(name)) {
      this.uses.add(name);
      if (name === 'value') this.#paths.addWhole();
      return `scope.${name}`;
    }
    if (Object.hasOwn(constants, name)) return constants[name]!;
    const known = [...this.#names, ...this.#parameters.flatMap((each) => [...each])];
    const near = nearest(name, known);
    if (Object.hasOwn(functions, name)) throw this.#source.error(at, `${name} is a function`, `call it: ${name}(value)`);
    throw this.#source.error(
      at,
      `${name} is not defined`,
      near ? `did you mean ${near}?` : `an expression can name ${this.#names.join(', ')}; a text stands in quotes`,
    );
  }

  #binary(operator: string, left: string, right: string, at: number): string {
    const code = binaryCode(operator, left, right);
    if (code === undefined) throw this.#source.error(at, `'${operator}' is not allowed`);
    return code;
  }

  #property(property: Extract<Expression, { type: 'ObjectExpression' }>['properties'][number]): string {
    if (property.type === 'SpreadElement') return `...fieldsOf(${this.#expression(property.argument)})`;
    if (property.kind !== 'init' || property.method)
      throw this.#source.error(property.start, 'a method or getter is not allowed');
    const { key } = property;
    const value = this.#expression(property.value);
    if (property.computed) return `[asText(${this.#expression(key as Expression)})]: ${value}`;
    const name = key.type === 'Identifier' ? key.name : String((key as { value?: unknown }).value);
    // In brackets `__proto__` is a field like any other.
    return `[${JSON.stringify(name)}]: ${value}`;
  }

  #member(node: Extract<Expression, { type: 'MemberExpression' }>): string {
    const whole = this.#dotted(node);
    if (whole && Object.hasOwn(constants, whole)) return constants[whole]!;
    if (whole && Object.hasOwn(functions, whole))
      throw this.#source.error(node.start, `${whole} is a function`, `call it: ${whole}(value)`);
    if (node.property.type === 'PrivateIdentifier') throw this.#source.error(node.property.start, 'a private name');
    const isField = this.#names.includes('value') && !this.#parameters.some((each) => each.has('value'));
    const names = isField ? namesBehindValue(node) : undefined;
    if (names) {
      this.uses.add('value');
      return this.#paths.code(names);
    }
    const of = this.#expression(node.object);
    if (node.computed) return `field(${of}, ${this.#expression(node.property as Expression)})`;
    return memberCode(of, (node.property as { name: string }).name);
  }

  /** A dotted name such as `Math.max`, unless a parameter hides its first part. */
  #dotted(node: Expression | Super): string | undefined {
    const whole = dotted(node);
    const first = whole?.split('.')[0];
    return this.#parameters.some((each) => first !== undefined && each.has(first)) ? undefined : whole;
  }

  #call(node: Extract<Expression, { type: 'CallExpression' }>): string {
    const { callee } = node;
    const whole = this.#dotted(callee);
    if (whole && Object.hasOwn(functions, whole)) {
      const { least, most } = functions[whole]!;
      checkCount(this.#source, node.start, whole, node.arguments.length, least, most);
      return `functions[${JSON.stringify(whole)}].call(${this.#arguments(node.arguments, false)})`;
    }
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
      const { name, start } = callee.property;
      const of = this.#pattern(callee.object) ?? this.#expression(callee.object);
      if (!Object.hasOwn(methods, name)) throw noMethod(this.#source, start, name);
      const { isVariadic } = methods[name]!;
      if (!isVariadic) checkCount(this.#source, start, name, node.arguments.length, 0, 2);
      const args = this.#arguments(node.arguments, true);
      return `calls.${name}(${of}, ${isVariadic ? `[${args}]` : args})`;
    }
    throw noFunction(this.#source, callee.start, callee.type === 'Identifier' ? callee.name : 'this');
  }

  #arguments(nodes: readonly (Expression | SpreadElement)[], arrows: boolean): string {
    return nodes
      .map((node) => {
        if (arrows && node.type === 'ArrowFunctionExpression') return this.#arrow(node);
        return (arrows && this.#pattern(node)) || this.#expression(node);
      })
      .join(', ');
  }

  /** A regular expression, where one can stand: a method is called on it, or is given it; undefined for anything else. */
  #pattern(node: Expression | SpreadElement | Super): string | undefined {
    if (node.type === 'ParenthesizedExpression') return this.#pattern(node.expression);
    if (node.type !== 'Literal' || !node.regex) return undefined;
    const { pattern, flags } = node.regex;
    return `patterns[${this.regexes.push({ source: pattern, flags, at: node.start }) - 1}]`;
  }

  #arrow(node: Extract<Expression, { type: 'ArrowFunctionExpression' }>): string {
    const { parameters, body } = this.#arrowParts(node);
    return `(${parameters.join(', ')}) => (work(1), ${body})`;
  }

  #arrowParts(node: Extract<Expression, { type: 'ArrowFunctionExpression' }>) {
    if (node.async || node.body.type === 'BlockStatement')
      throw this.#source.error(
        node.body.start,
        'an arrow function here is one expression',
        'leave out the braces: item => item.price > 100',
      );
    const names = new Set<string>();
    const parameters = node.params.map((each) => parameterCode(each, names, this.#source));
    this.#parameters.push(names);
    const body = this.#expression(node.body);
    this.#parameters.pop();
    return { parameters, body };
  }
}
