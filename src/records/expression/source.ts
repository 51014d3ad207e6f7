/** An expression as it was typed: parsed, and shown in errors with a caret under the place. */
import { type Expression, parseExpressionAt } from 'acorn';
import { KtError } from '../../base/errors.ts';

const mostCharacters = 16_384;
/** What may follow an expression: blanks and comments, and the semicolon of habit. */
const nothing = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*;?\s*$/;
const example = 'value.amount > 100';

export class ExpressionSource {
  readonly text: string;
  readonly #flag: string;

  /** @param flag who asked, for errors: `--where` */
  constructor(flag: string, text: string) {
    this.#flag = flag;
    this.text = text;
  }

  /** The text of a node. */
  of({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.text.slice(start, end);
  }

  /** @param at index of the character at fault */
  error(at: number, why: string, hint?: string): KtError {
    const excerpt = { text: this.text, at: Math.min(at, this.text.length) };
    return new KtError('usage', `${this.#flag} '${this.text}' (${why})`, { hint, excerpt });
  }

  /** @throws KtError `usage` for what is not one expression */
  parse(): Expression {
    if (this.text.length > mostCharacters) throw this.error(0, `longer than ${mostCharacters} characters`);
    if (nothing.test(this.text)) throw this.error(0, 'it is empty', `for example ${this.#flag} '${example}'`);
    let expression: Expression;
    try {
      expression = parseExpressionAt(this.text, 0, { ecmaVersion: 2022, sourceType: 'module', preserveParens: true });
    } catch (error) {
      const { message, pos = 0 } = error as Error & { pos?: number };
      const why = message.replace(/ \(\d+:\d+\)$/, '');
      const hint = why === 'Unexpected token' ? 'check operators, quotes and parentheses at this place' : undefined;
      throw this.error(pos, lowerFirst(why), hint);
    }
    const rest = this.text.slice(expression.end);
    if (nothing.test(rest)) return expression;
    const at = expression.end + (/\S/.exec(rest)?.index ?? 0);
    throw this.error(at, 'the expression has ended before this', '&& joins two conditions');
  }
}

export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
