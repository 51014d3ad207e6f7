/** All rows by name, in the order in which they run; what a row needs is made only when the row is chosen. */
import type { Row, Setting } from '../row.ts';
import { base, variants } from '../shape.ts';
import { aggregateIntoRow, aggregateRow } from './aggregate.ts';
import { avroDecodingRow, protobufDecodingRow } from './codecs.ts';
import { lagManyRow, lagRow, lagWideRow } from './lag.ts';
import { manyCheckedRow, manyDescribedRow, manyHealthRow, manyListedRow } from './many-topics.ts';
import { pipeRow } from './pipe.ts';
import { produceRow } from './produce.ts';
import { produceAvroRow } from './produce-avro.ts';
import { keyRow, whereRow } from './search.ts';
import { startRow } from './start.ts';
import { tailJsonRow, tailRow } from './tail.ts';
import { tailSchemaRow } from './tail-schemas.ts';
import { topicsRow } from './topics.ts';

export interface RowMaker {
  /** The number of brokers in its cluster. */
  readonly brokers: number;
  make(setting: Setting): Row | Promise<Row>;
}

function on({ brokers }: { readonly brokers: number }, make: RowMaker['make']): RowMaker {
  return { brokers, make };
}

const threeBrokers = { brokers: 3 };

const makers: readonly (readonly [name: string, maker: RowMaker])[] = [
  ['start', on(base, startRow)],
  ['topics-list', on(base, topicsRow)],
  ['tail', on(base, (setting) => tailRow(setting, base))],
  ['tail-json', on(base, tailJsonRow)],
  ['where', on(base, whereRow)],
  ['key-is', on(base, keyRow)],
  ['aggregate', on(base, aggregateRow)],
  ['aggregate-into', on(base, aggregateIntoRow)],
  ['produce', on(base, (setting) => produceRow(setting, base))],
  ['pipe', on(base, pipeRow)],
  ['lag', on(base, lagRow)],
  ['lag-wide', on(base, lagWideRow)],
  ['lag-many', on(base, lagManyRow)],
  ...variants.flatMap((shape) => [
    [`tail-${shape.name}`, on(shape, (setting) => tailRow(setting, shape))] as const,
    [`produce-${shape.name}`, on(shape, (setting) => produceRow(setting, shape))] as const,
  ]),
  ['decode-avro', on(base, avroDecodingRow)],
  ['decode-protobuf', on(base, protobufDecodingRow)],
  // Behind the others: the registry beside the broker stays.
  ...(['avro', 'protobuf', 'json-schema'] as const).map(
    (format) => [`tail-${format}`, on(base, (setting) => tailSchemaRow(setting, format))] as const,
  ),
  ['produce-avro', on(base, produceAvroRow)],
  // Last: so many partitions would slow the brokers down for the rows after them.
  ['many-listed', on(threeBrokers, manyListedRow)],
  ['many-described', on(threeBrokers, manyDescribedRow)],
  ['many-health', on(threeBrokers, manyHealthRow)],
  ['many-checked', on(threeBrokers, manyCheckedRow)],
];

/** Rows of the same cluster are together, since only one cluster runs at a time. */
export const rows: ReadonlyMap<string, RowMaker> = new Map(makers.toSorted(([, a], [, b]) => a.brokers - b.brokers));

/** The rows of a list such as "tail,produce-*", in the order in which they run. @throws for a name without a row */
export function chosenRows(list: string): readonly string[] {
  const all = [...rows.keys()];
  const chosen = new Set<string>();
  for (const name of list.split(',')) {
    const found = name.endsWith('*')
      ? all.filter((each) => each.startsWith(name.slice(0, -1)))
      : all.filter((each) => each === name);
    if (found.length === 0) throw new Error(`--rows ${name} (not one of ${all.join()})`);
    for (const each of found) chosen.add(each);
  }
  return all.filter((name) => chosen.has(name));
}
