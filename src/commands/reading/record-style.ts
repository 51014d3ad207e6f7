/** How records are printed: what `-o`, `-f`, `--columns` and the terminal ask for. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import { recordColumns } from '../../records/columns.ts';
import type { RecordFormat } from '../../records/stream.ts';

type RecordStyle = Pick<RecordFormat, 'style' | 'template' | 'columns'>;

/**
 * @param template `-f`
 * @param piped the style where stdout is no terminal and nothing was asked for
 * @throws KtError `usage` for two formats, and for columns that records do not have
 */
export function recordStyle(
  { globals, terminal }: Context,
  template: string | undefined,
  piped: 'value' | 'json',
): RecordStyle {
  const { output, columns } = globals;
  if (template !== undefined) {
    if (output !== undefined) throw usageError('-f and -o (two formats)', 'give one of them');
    if (columns) throw usageError('-f and --columns (two formats)', 'give one of them');
    return { style: 'template', template };
  }
  const style = (output ?? (columns ? 'csv' : terminal.stdout ? 'pretty' : piped)) as Exclude<
    RecordFormat['style'],
    'template'
  >;
  return style === 'csv' ? { style, columns: recordColumns(columns) } : { style };
}
