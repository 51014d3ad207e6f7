/** What aggregations must give, computed without kt: all values of each window are kept, and measured at the end. */

export interface Measured {
  readonly timeMs: number;
  readonly key: string | number | null;
  /** Undefined where it is missing. */
  readonly value: number | undefined;
  readonly counted: number;
}

export type Span = { readonly sizeMs: number; readonly hopMs: number } | { readonly gapMs: number };

export type Row = Readonly<Record<string, string | number | null>>;

interface Window {
  start: number;
  end: number;
  records: Measured[];
}

/** Rows with every measure, in order. */
export function expectedRows(records: Iterable<Measured>, span: Span): Row[] {
  const windows = 'gapMs' in span ? sessions(records, span.gapMs) : aligned(records, span.sizeMs, span.hopMs);
  return windows.map(({ start, end, records }) => ({
    windowStart: start,
    windowEnd: end,
    key: records[0]!.key,
    ...measures(records),
  }));
}

function aligned(records: Iterable<Measured>, sizeMs: number, hopMs: number): Window[] {
  const windows = new Map<string, Window>();
  for (const record of records) {
    for (let start = record.timeMs - (record.timeMs % hopMs); start > record.timeMs - sizeMs; start -= hopMs) {
      const name = `${start} ${record.key}`;
      const window = windows.get(name) ?? { start, end: start + sizeMs, records: [] };
      window.records.push(record);
      windows.set(name, window);
    }
  }
  return [...windows.values()];
}

function sessions(records: Iterable<Measured>, gapMs: number): Window[] {
  const windows: Window[] = [];
  const byKey = new Map<Measured['key'], Measured[]>();
  for (const record of records) {
    const own = byKey.get(record.key) ?? [];
    own.push(record);
    byKey.set(record.key, own);
  }
  for (const own of byKey.values()) {
    let last: Window | undefined;
    for (const record of own.toSorted((a, b) => a.timeMs - b.timeMs)) {
      if (!last || record.timeMs >= last.end) {
        last = { start: record.timeMs, end: 0, records: [] };
        windows.push(last);
      }
      last.records.push(record);
      last.end = record.timeMs + gapMs;
    }
  }
  return windows;
}

function measures(records: readonly Measured[]): Row {
  const values = records.flatMap(({ value }) => (value === undefined ? [] : [value])).sort((a, b) => a - b);
  const sum = values.reduce((a, b) => a + b, 0);
  const at = (q: number) => {
    const place = q * (values.length - 1);
    const low = values[Math.floor(place)]!;
    return low + (values[Math.ceil(place)]! - low) * (place - Math.floor(place));
  };
  const known = values.length > 0;
  return {
    count: records.length,
    sum: known ? sum : null,
    avg: known ? sum / values.length : null,
    min: known ? values[0]! : null,
    max: known ? values.at(-1)! : null,
    distinct: new Set(records.map(({ counted }) => counted)).size,
    p50: known ? at(0.5) : null,
    p95: known ? at(0.95) : null,
    p99: known ? at(0.99) : null,
  };
}
