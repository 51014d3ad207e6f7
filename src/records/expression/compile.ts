/** Expressions as people write them → a function of our own over a record's decoded fields: parsed once, only what is allowed is compiled. */
import { calls } from './calls.ts';
import { functions } from './functions.ts';
import { Generator } from './generator.ts';
import { type NeededText, neededTexts } from './needed-texts.ts';
import * as operators from './operators.ts';
import { loadPattern, type Pattern } from './pattern.ts';
import { type FieldName, fieldNames, type RecordScope, type Scope, type ValueParts } from './scope.ts';
import { ExpressionSource, lowerFirst } from './source.ts';
import { ValuePaths } from './value-paths.ts';
import * as values from './values.ts';
import { restartWork, work } from './work.ts';

export interface CompiledExpression<Name extends string = FieldName> {
  /** The names that it uses. */
  readonly uses: ReadonlySet<Name>;
  /** Of which texts the value has to have one among its fields, if the expression reads those alone; undefined where that is not known. */
  readonly needs?: readonly NeededText[] | undefined;
  /** @throws ExpressionFailure, or whatever JavaScript throws for values that do not fit, for this record alone */
  evaluate(scope: Scope<Name>): unknown;
}

/**
 * Compiles one expression.
 *
 * It is JavaScript's, over plain values, with these differences: a missing field is `undefined` and never an error; integers are exact to 64
 * bits; there is nothing to call but the functions and methods listed in functions.ts and methods.ts, nothing to change, and no loop.
 * @param flag who asked, for errors: `--where`
 * @param names what it may name: identifiers
 * @throws KtError `usage` with the place of what is wrong
 */
export async function compileExpression(flag: string, text: string): Promise<CompiledExpression>;
export async function compileExpression<Name extends string>(
  flag: string,
  text: string,
  names: readonly Name[],
): Promise<CompiledExpression<Name>>;
export async function compileExpression(
  flag: string,
  text: string,
  names: readonly string[] = fieldNames,
): Promise<CompiledExpression<string>> {
  const source = new ExpressionSource(flag, text);
  const tree = source.parse();
  const paths = new ValuePaths();
  const generator = new Generator(source, names, paths);
  const code = generator.generate(tree);
  const patterns = await patternsOf(generator, source);
  const evaluate = compiled('scope', code, patterns) as (scope: Scope<string>) => unknown;
  // Only records have parts.
  const all = names === fieldNames ? paths.all : [];
  const inParts =
    all.length > 0 && evaluateParts(all, new Generator(source, names, new ValuePaths(all)).generate(tree), patterns);
  return {
    uses: generator.uses,
    needs: inParts ? neededTexts(tree) : undefined,
    evaluate(scope: RecordScope) {
      restartWork();
      return inParts && scope.parts ? inParts(scope, scope.parts) : evaluate(scope);
    },
  };
}

/** @param slots of the paths, in their order */
type EvaluateSlots = (scope: RecordScope, parts: ValueParts, slots: readonly number[]) => unknown;

/** The same expression, which reads the value's fields at these paths alone. */
function evaluateParts(
  paths: readonly (readonly string[])[],
  code: string,
  patterns: readonly Pattern[],
): (scope: RecordScope, parts: ValueParts) => unknown {
  const evaluate = compiled('scope, parts, slots', code, patterns) as EvaluateSlots;
  let bound: ValueParts | undefined;
  let slots: readonly number[] = [];
  return (scope, parts) => {
    if (parts !== bound) {
      slots = paths.map((path) => parts.slot(path));
      bound = parts;
    }
    return evaluate(scope, parts, slots);
  };
}

/** Makes a function of generated code: names and texts of the expression stand in it as JSON or as checked identifiers. */
function compiled(parameters: string, code: string, patterns: readonly Pattern[]): unknown {
  const runtime = { ...operators, ...values, calls, functions, work };
  const names = Object.keys(runtime).join(', ');
  const build = new Function(
    'runtime',
    'patterns',
    `"use strict"; const { ${names} } = runtime; return (${parameters}) => (${code});`,
  );
  return build(runtime, patterns);
}

/** Gives the next state of a key from the last one and a record's value; `scope` is that record. Fails as an expression does. */
export type CompiledFold = (scope: RecordScope, state: unknown, value: unknown) => unknown;

/**
 * Compiles a function of a state and a value, which may name the record's fields too: `(state, value) => state + value.amount`.
 * @throws KtError `usage` with the place of what is wrong
 */
export async function compileFold(flag: string, text: string): Promise<CompiledFold> {
  const source = new ExpressionSource(flag, text);
  const generator = new Generator(source, fieldNames, new ValuePaths());
  const { parameters, body } = generator.generateFunction(
    ['state', 'value'],
    `${flag} '(state, value) => state + value.amount'`,
  );
  const patterns = await patternsOf(generator, source);
  const fold = compiled(['scope', ...parameters].join(', '), body, patterns) as CompiledFold;
  return (scope, state, value) => {
    restartWork();
    return fold(scope, state, value);
  };
}

/** @throws KtError `usage` for a regular expression that could take for ever */
function patternsOf({ regexes }: Generator, expression: ExpressionSource): Promise<readonly Pattern[]> {
  return Promise.all(
    regexes.map(async ({ source, flags, at }) => {
      try {
        return await loadPattern(source, flags);
      } catch (error) {
        throw expression.error(at, lowerFirst((error as Error).message));
      }
    }),
  );
}
