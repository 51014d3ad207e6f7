/** Quotas of entities that are newer than kt: what could not be shown is told, so that a list does not pass for the whole. */
import { counted } from '../../base/units.ts';
import type { Context } from '../../context.ts';

export class QuotasLeftOut {
  readonly #types = new Set<string>();
  #count = 0;

  /** The types of one entity, as the broker names them. */
  readonly add = (types: readonly string[]): void => {
    this.#count++;
    this.#types.add(types.join(' with '));
  };

  tell({ warn }: Pick<Context, 'warn'>): void {
    if (this.#count > 0)
      warn(
        `quotas of ${counted(this.#count, 'entity', 'entities')} are left out (this kt does not know ${[...this.#types].join(', ')})`,
      );
  }
}
