/** From a record to what windows need of it: its time, its key, and a value for each measure. */
import type { RecordView } from '../../kafka/batch/record.ts';
import type { CompiledExpression } from '../expression/compile.ts';
import { functions } from '../expression/functions.ts';
import { checkWhole } from '../expression/lossy-text.ts';
import type { RecordScope } from '../expression/scope.ts';
import { jsonText } from '../expression/values.ts';
import type { Account } from './account.ts';
import { exactNumber, identityOf, type KeyIdentity } from './group-key.ts';
import { JsonText, type Measurable } from './measures/accumulator.ts';
import { isMeasurable } from './measures/index.ts';
import type { AggregateSpec, MeasureKind } from './spec.ts';

/** Beyond these, JavaScript knows no time. */
const mostMs = 8.64e15;
/** What `count` measures. */
const present = 1;

/** A measure of an expression, and which of all measures it is. */
interface Measured {
  readonly index: number;
  readonly kind: MeasureKind;
  readonly of: CompiledExpression;
}

/** One object that holds what was last read. */
export class MeasuredRecord {
  /** In epoch ms; undefined where the record has none. */
  time: number | undefined;
  key: KeyIdentity = null;
  /** Of measures without an expression always the same. */
  readonly values: (Measurable | undefined)[];
  readonly #spec: AggregateSpec;
  readonly #account: Account;
  readonly #where: readonly CompiledExpression[];
  readonly #by: CompiledExpression | undefined;
  readonly #measured: readonly Measured[];
  #timeFailure: unknown;

  constructor(spec: AggregateSpec, account: Account) {
    this.#spec = spec;
    this.#account = account;
    this.#where = spec.where.map(({ compiled }) => compiled);
    this.#by = spec.by?.compiled;
    this.values = spec.measures.map(({ of }) => (of ? undefined : present));
    this.#measured = spec.measures.flatMap(({ kind, of }, index) => (of ? { index, kind, of: of.compiled } : []));
  }

  /** Reads a record. Its time is known then, even of one that is not wanted. @returns whether it counts */
  read(scope: RecordScope, record: RecordView): boolean {
    this.#readTime(scope, record);
    let option: 'where' | 'time' | 'by' | MeasureKind = 'where';
    try {
      for (let index = 0; index < this.#where.length; index++) if (!this.#where[index]!.evaluate(scope)) return false;
      option = 'time';
      if (this.#timeFailure !== undefined) throw this.#timeFailure;
      if (this.time === undefined && this.#spec.windows.kind !== 'none') {
        this.#account.timeless++;
        return false;
      }
      option = 'by';
      const by = this.#by;
      this.key = by ? identityOf(by.evaluate(scope)) : null;
      if (by) checkWhole(this.key, by.uses, scope, record);
      const measured = this.#measured;
      for (let place = 0; place < measured.length; place++) {
        const measure = measured[place]!;
        option = measure.kind;
        const value = measure.of.evaluate(scope);
        const isUsual = typeof value === 'number' && Number.isFinite(value);
        this.values[measure.index] = isUsual ? exactNumber(value) : this.#unusual(measure, value, scope, record);
      }
      return true;
    } catch (error) {
      this.#account.failed(`--${option}`, error, record);
      return false;
    }
  }

  #readTime(scope: RecordScope, { timestamp }: RecordView): void {
    const { time } = this.#spec;
    if (!time) {
      this.time = timestamp >= 0 && timestamp <= mostMs ? timestamp : undefined;
      return;
    }
    this.#timeFailure = undefined;
    try {
      const ms = functions.time!.call(time.compiled.evaluate(scope)) as number | undefined;
      this.time = ms !== undefined && Math.abs(ms) <= mostMs ? Math.floor(ms) : undefined;
    } catch (error) {
      this.time = undefined;
      this.#timeFailure = error;
    }
  }

  /** What is measured of a value that is no finite number. */
  #unusual({ index, kind, of }: Measured, value: unknown, scope: RecordScope, record: RecordView): Measurable | undefined {
    checkWhole(value, of.uses, scope, record);
    if (value === null || value === undefined) {
      this.#account.missing[index]!++;
      return undefined;
    }
    if (!isMeasurable(kind, value)) {
      this.#account.cannotMeasure(index, value);
      return undefined;
    }
    return typeof value === 'object' ? new JsonText(jsonText(value) ?? '') : (value as Measurable);
  }
}
