/** A bound on what one evaluation may cost, so that no expression and no record can hang kt. */
import { ExpressionFailure } from './failure.ts';

/** About a tenth of a second; an ordinary filter takes a few dozen. */
const mostWork = 5_000_000;
/** No text or list may grow beyond this, in characters or elements. */
export const mostLength = 16 << 20;

let left = mostWork;

/** A new evaluation begins. */
export function restartWork(): void {
  left = mostWork;
}

/**
 * Accounts for work that takes about as long as `amount` simple operations.
 * @throws ExpressionFailure when the evaluation has used up what it may
 */
export function work(amount: number): void {
  left -= amount;
  if (left < 0) throw new ExpressionFailure('it takes too much work');
}

/** Accounts for making a text or list of this length. @throws ExpressionFailure when it is too long */
export function make(length: number): void {
  if (length > mostLength) throw new ExpressionFailure('its result is too long');
  work(length >> 3);
}
