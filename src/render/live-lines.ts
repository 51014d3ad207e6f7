/** A value that goes on, as JSON lines: one per sample. */
import { usageError } from '../base/errors.ts';
import type { Live } from '../cli/live.ts';
import { jsonLine } from './json.ts';
import type { Output } from './out.ts';
import type { RowOptions } from './rows.ts';

/** @throws KtError `usage` for options on columns, which are a screen's */
export async function liveLines(value: Live<unknown>, out: Output, { columns, sort }: RowOptions): Promise<void> {
  if (columns || sort)
    throw usageError(
      `${columns ? '--columns' : '--sort'} with JSON lines (each is one sample)`,
      'jq picks fields: jq -c .groups',
    );
  for await (const sample of value.live(new AbortController().signal)) await out.write(jsonLine(value.json(sample)));
}
