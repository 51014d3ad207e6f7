/** Expressions as people write them → a function of our own over a record's decoded fields: parsed once, only what is allowed is compiled. */
import { calls } from './calls.ts';
import { functions } from './functions.ts';
import { Generator } from './generator.ts';
import * as operators from './operators.ts';
import { loadPattern, type Pattern } from './pattern.ts';
import { type FieldName, fieldNames, type Scope } from './scope.ts';
import { ExpressionSource, lowerFirst } from './source.ts';
import * as values from './values.ts';
import { restartWork, work } from './work.ts';

export interface CompiledExpression<Name extends string = FieldName> {
  /** The names that it uses. */
  readonly uses: ReadonlySet<Name>;
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
  const generator = new Generator(source, names);
  const code = generator.generate();
  const patterns = await patternsOf(generator, source);
  const runtime = { ...operators, ...values, calls, functions, work };
  // Only code that the generator wrote is compiled here: names and texts of the expression stand in it as JSON or as checked identifiers.
  const build = new Function(
    'runtime',
    'patterns',
    `"use strict"; const { ${Object.keys(runtime).join(', ')} } = runtime; return (scope) => (${code});`,
  );
  const evaluate = build(runtime, patterns) as (scope: Scope<string>) => unknown;
  return {
    uses: generator.uses,
    evaluate(scope) {
      restartWork();
      return evaluate(scope);
    },
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
