/** What a stream of records is and how it is to be printed: what `tail` and `groups peek` return, and render writes. */
import type { FetchedRecords, RecordView } from '../kafka/batch/record.ts';
import type { RecordColumn } from './columns.ts';
import type { FieldFormats } from './serde/stream-serdes.ts';

/** How records become bytes; compiled once by render. Formats default to `internal` for Kafka's own topics in styles that show what data means, else `string`. */
export interface RecordFormat extends FieldFormats {
  readonly style: 'value' | 'pretty' | 'line' | 'json' | 'csv' | 'raw' | 'template';
  /** kcat's tokens, for style `template`. */
  readonly template?: string;
  /** For style `csv`. */
  readonly columns?: readonly RecordColumn[];
  /** What to print about a record besides its contents; asked once for each record, in their order. */
  readonly notes?: RecordNotes;
}

/** Whether a style shows what fields mean, decoded where kt knows how; the others give their bytes. */
export function showsMeaning({ style }: Pick<RecordFormat, 'style'>): boolean {
  return style !== 'value' && style !== 'raw' && style !== 'template';
}

/** The format's style decides which of the two is asked; styles other than these two print neither. */
export interface RecordNotes {
  /** Lines before the record in style `pretty`. */
  lines(record: RecordView): readonly { readonly text: string; readonly strong: boolean }[];
  /** Further fields of the record in style `json`, at least one. The same object for records with the same fields saves work; it must not change. */
  fields(record: RecordView): Readonly<Record<string, unknown>>;
}

/** Each pull of `batches` means that stdout accepted what came before, unless `isNextReady` was true. */
export interface RecordStream {
  readonly batches: AsyncIterable<FetchedRecords>;
  /** Whether the next batch is available at once and may be pulled while the last one is being written, because nothing depends on its being written. */
  readonly isNextReady?: () => boolean;
  readonly format: RecordFormat;
  /** Called once the last record was written, or none will be any more. */
  readonly ended?: () => void;
}
