/** The expressions of an aggregation in SQL, and the columns that they need. */

import { ExpressionSource } from '../../expression/source.ts';
import { timeOf } from '../../expression/sql/calls.ts';
import { SqlRefusal } from '../../expression/sql/fields.ts';
import { sqlName, typedSql } from '../../expression/sql/literal.ts';
import { isNumber, type Term } from '../../expression/sql/term.ts';
import { integerOf, textOf } from '../../expression/sql/text.ts';
import { SqlTranslator } from '../../expression/sql/translator.ts';
import type { AggregateSpec, Measure, NamedExpression } from '../spec.ts';
import { Columns, Findings } from './columns.ts';
import { type MeasureSql, measureSql } from './measures.ts';
import type { Sample } from './sample.ts';
import { noTime } from './time.ts';

export interface Translation {
  readonly columns: Columns;
  /** Conditions that all have to hold. */
  readonly where: readonly string[];
  /** The key, and a text of it for records' keys, from its own column; undefined where all records are one group. */
  readonly by: { readonly sql: string; readonly type: string; readonly textOfColumn: string } | undefined;
  readonly measures: readonly (MeasureSql & { readonly name: string })[];
  /** The time of records; undefined where there are no windows. */
  readonly time: RecordTime | undefined;
}

interface RecordTime {
  /** Its column, quoted. */
  readonly column: string;
  /** What computes it; undefined where it is the record's timestamp. */
  readonly sql: string | undefined;
  /** Holds for records that have a time. */
  readonly isKnown: string;
}

/** @throws KtError `usage` with the place of what SQL cannot say */
export function translation(spec: AggregateSpec, sample: Sample): Translation {
  // What one expression needs of a column counts for all others: they are translated again until nothing new shows itself.
  const findings = new Findings();
  for (;;) {
    const before = findings.size;
    const translated = translatedOnce(spec, new Columns(spec.topic, sample, findings));
    if (findings.size === before) return translated;
  }
}

function translatedOnce(spec: AggregateSpec, columns: Columns): Translation {
  const translator = (flag: string, { text }: NamedExpression) => new SqlTranslator(new ExpressionSource(flag, text), columns);
  return {
    columns,
    where: spec.where.map((each) => translator('--where', each).condition()),
    by: spec.by && translator('--by', spec.by).value('STRING', (term) => keySql(term, columns)),
    measures: spec.measures.map((measure) => {
      const { name, kind, of } = measure;
      const translated = of
        ? translator(`--${kind}`, of).value(kind === 'distinct' ? 'STRING' : 'DOUBLE', (term) => measured(measure, term))
        : measured(measure, undefined);
      return { name, ...translated };
    }),
    time: spec.windows.kind === 'none' ? undefined : recordTime(spec, columns, translator),
  };
}

function measured(measure: Measure, term: Term | undefined): MeasureSql {
  return measureSql(measure, term, sqlName(measure.name));
}

function keySql(term: Term, columns: Columns): NonNullable<Translation['by']> {
  if (term.type === undefined) throw new SqlRefusal('nothing as a key', 'leave --by out for one group of all records');
  const key = isNumber(term) ? integerOf(term, columns) : term;
  const { sql } = textOf({ sql: sqlName('key'), type: key.type, nullMeans: 'undefined' }, columns);
  return { sql: typedSql(key), type: key.type!, textOfColumn: sql };
}

function recordTime(
  { time }: AggregateSpec,
  columns: Columns,
  translator: (flag: string, expression: NamedExpression) => SqlTranslator,
): RecordTime {
  if (!time) {
    const column = columns.recordTime();
    return { column, sql: undefined, isKnown: `${column} >= TO_TIMESTAMP_LTZ(0, 3)` };
  }
  const ms = translator('--time', time).value('STRING', (term) => msOf(term, columns));
  const column = sqlName(columns.unique('event_time'));
  return { column, sql: `COALESCE(TO_TIMESTAMP_LTZ(${ms}, 3), ${noTime})`, isKnown: `${column} > ${noTime}` };
}

/** Whole milliseconds, of what `time()` reads. */
function msOf(term: Term, columns: Columns): string {
  const { sql, type } = timeOf(term, columns);
  return type === 'BIGINT' ? sql : `CAST(FLOOR(${sql}) AS BIGINT)`;
}
