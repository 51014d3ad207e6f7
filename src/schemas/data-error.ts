/** Why a payload, or a value to be written, does not fit its schema. */

export class SchemaDataError extends Error {
  /** Where in the value: `items[2].price`; empty for the value itself. */
  readonly path: string;
  /** Which byte of the field, counted from 0; undefined for a value that was to be written. */
  readonly at: number | undefined;

  /** @param problem what was found and what is wanted: `"abc" is no long`, `12 bytes missing` */
  constructor(problem: string, path: string, at?: number) {
    super(problem);
    this.name = 'SchemaDataError';
    this.path = path;
    this.at = at;
  }
}
