/** What an aggregation left out and why: counted record by record, told at the end. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { RecordFailures } from '../expression/record-failures.ts';
import type { Measure } from './spec.ts';

export class Account {
  /** Records for which a window had closed already. */
  late = 0;
  /** Records without a time. */
  timeless = 0;
  /** Measured results that no number holds, shown as null. */
  tooLarge = 0;
  /** By measure, records that have no value for it. */
  readonly missing: number[];
  /** By measure, records with a value that it does not take. */
  readonly unmeasurable: number[];
  readonly #measures: readonly Measure[];
  readonly #failures = new Map<string, RecordFailures>();
  readonly #examples: string[] = [];
  #shapeFailures = 0;
  #shapeFailure = '';

  constructor(measures: readonly Measure[]) {
    this.#measures = measures;
    this.missing = measures.map(() => 0);
    this.unmeasurable = measures.map(() => 0);
  }

  /** An expression failed on a record, which is left out. @param what whose expression: `--by` @throws errors that are not about the record */
  failed(what: string, error: unknown, record: RecordView): void {
    let failures = this.#failures.get(what);
    if (!failures) {
      failures = new RecordFailures();
      this.#failures.set(what, failures);
    }
    failures.add(error, record);
  }

  /** `--value` failed on a result, which is left out. */
  shapeFailed({ message }: Error): void {
    if (this.#shapeFailures++ === 0) this.#shapeFailure = message;
  }

  /** A value is none that the measure takes. */
  cannotMeasure(measure: number, value: unknown): void {
    if (this.unmeasurable[measure]!++ === 0) this.#examples[measure] = shown(value);
  }

  /** Sentences for people about what is lacking in the results. */
  problems(): readonly string[] {
    const told = [...this.#failures].flatMap(([what, failures]) => failures.told(what) ?? []);
    if (this.timeless > 0) told.push(`${records(this.timeless)} without a time in no window`);
    if (this.late > 0)
      told.push(`${records(this.late)} late: a window that had closed lacks ${this.late === 1 ? 'it' : 'them'}`);
    this.#measures.forEach((measure, index) => {
      const count = this.unmeasurable[index]!;
      if (count > 0)
        told.push(
          `${nameOf(measure)}: ${count === 1 ? '1 value is' : `${count} values are`} left out, being ${wanted(measure)} (first: ${this.#examples[index]})`,
        );
    });
    if (this.#shapeFailures > 0) {
      const results = this.#shapeFailures === 1 ? '1 result, which is' : `${this.#shapeFailures} results, which are`;
      told.push(`--value failed on ${results} left out (first: ${this.#shapeFailure})`);
    }
    if (this.tooLarge > 0) told.push(`${this.tooLarge} results are null, being larger than any number`);
    return told;
  }

  /** Sentences for people about what they may want to know. */
  notes(): readonly string[] {
    return this.#measures.flatMap((measure, index) => {
      const count = this.missing[index]!;
      return count > 0 ? [`${nameOf(measure)}: ${count === 1 ? '1 record has' : `${count} records have`} no such value`] : [];
    });
  }
}

function records(count: number): string {
  return count === 1 ? '1 record was' : `${count} records were`;
}

function nameOf({ kind, of }: Measure): string {
  return `--${kind} ${of?.text ?? ''}`.trim();
}

function wanted({ kind }: Measure): string {
  if (kind === 'distinct') return 'neither finite numbers nor anything else that can be told apart';
  return kind === 'min' || kind === 'max' ? 'neither numbers nor texts' : 'no numbers';
}

const mostShown = 40;

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return Number.isNaN(value) ? 'NaN' : text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
