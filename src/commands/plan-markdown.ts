/** A plan as Markdown, for the summary of a CI job or a comment on a pull request. */
import type { KtError } from '../base/errors.ts';
import type { Block, Cell } from '../cli/shape.ts';
import { markdownText } from './markdown-text.ts';

/** More rows than these are only counted: GitHub shows 1 MiB of a summary. */
const shownRows = 1_000;

/**
 * The tables of a plan under a title.
 * @param problems what failed, listed first
 */
export function planMarkdown(title: string, blocks: Iterable<Block>, problems: readonly KtError[] = []): string {
  const failures = problems.map(({ message }) => `- :x: ${markdownText(message)}`).join('\n');
  const parts = [...blocks].flatMap((block) => [headingOf(block), tableOf(block), block.footer && markdownText(block.footer)]);
  return `${[`### ${title}`, failures, ...parts].filter((part) => part).join('\n\n')}\n`;
}

function headingOf({ heading = [] }: Block): string {
  return heading.map(([label, value]) => `- ${label}: ${cellText(value)}`).join('\n');
}

function tableOf({ columns, rows }: Block): string {
  const shown = columns.filter(({ wide }) => !wide);
  if (shown.length === 0 || rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length - shownRows;
  return [
    line(shown.map(({ header }) => header)),
    line(shown.map(() => '---')),
    ...rows.slice(0, shownRows).map((row) => line(shown.map(({ get }) => cellText(get(row))))),
    ...(more > 0 ? ['', `… and ${more} more rows`] : []),
  ].join('\n');
}

function cellText(cell: Cell): string {
  return cell === null || cell === undefined ? '-' : markdownText(String(cell));
}
