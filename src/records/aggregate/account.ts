/** What an aggregation left out and why: counted record by record, told at the end. */
import { counted } from '../../base/units.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { RecordFailures } from '../expression/record-failures.ts';
import { jsonText } from '../expression/values.ts';
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
    const { timeless, late, tooLarge } = this;
    if (timeless > 0) told.push(`${counted(timeless, 'record has', 'records have')} no time, and belong to no window`);
    if (late > 0)
      told.push(
        `${counted(late, 'record was', 'records were')} late: a window that had closed lacks ${late === 1 ? 'it' : 'them'}`,
      );
    this.#measures.forEach((measure, index) => {
      const count = this.unmeasurable[index]!;
      if (count === 0) return;
      const what = `${counted(count, 'value is', 'values are')} left out: ${whyNot(measure)}`;
      told.push(`${nameOf(measure)}: ${what} (first: ${this.#examples[index]})`);
    });
    if (this.#shapeFailures > 0) {
      const results = counted(this.#shapeFailures, 'result, which is', 'results, which are');
      told.push(`--value failed on ${results} left out (first: ${this.#shapeFailure})`);
    }
    if (tooLarge > 0) told.push(`${counted(tooLarge, 'result is', 'results are')} null: no number is large enough`);
    return told;
  }

  /** Sentences for people about what they may want to know. */
  notes(): readonly string[] {
    return this.#measures.flatMap((measure, index) => {
      const count = this.missing[index]!;
      return count > 0 ? [`${nameOf(measure)}: ${counted(count, 'record has', 'records have')} no such value`] : [];
    });
  }
}

function nameOf({ kind, of }: Measure): string {
  return `--${kind} ${of?.text ?? ''}`.trim();
}

function whyNot({ kind }: Measure): string {
  if (kind === 'distinct') return 'not a finite number';
  return kind === 'min' || kind === 'max' ? 'neither number nor text' : 'no number';
}

const mostShown = 40;

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = jsonText(value) ?? String(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
