/** The commands that a page of the documentation shows, taken out of it and run as they stand, in one shell. */
import { randomUUID } from 'node:crypto';

export interface PageStep {
  /** Of the page, from 1. */
  readonly line: number;
  readonly command: string;
  /** What the page says it prints; undefined where it shows no output. */
  readonly shown: string | undefined;
}

/**
 * The steps of a page: each block marked `sh` is one, and each command after `$ ` in a block marked `console`, with the output under it.
 * Blocks under a comment `<!-- not run: WHY -->` are left out.
 */
export function stepsOf(page: string): readonly PageStep[] {
  const steps: PageStep[] = [];
  const blocks = page.matchAll(/(<!-- not run: .+ -->\n)?^```(sh|console)\n([\s\S]*?)^```$/gm);
  for (const { index, 0: whole, 1: notRun, 2: kind, 3: text } of blocks) {
    if (notRun) continue;
    const line = page.slice(0, index + whole.indexOf('```')).split('\n').length + 1;
    if (kind === 'sh') steps.push({ line, command: text!, shown: undefined });
    else steps.push(...consoleSteps(text!, line));
  }
  return steps;
}

/** A command goes on after a backslash, and up to the end of its here-document or quoted text. */
function consoleSteps(text: string, firstLine: number): readonly PageStep[] {
  const steps: PageStep[] = [];
  const lines = text.split('\n').slice(0, -1);
  for (let at = 0; at < lines.length; ) {
    const line = firstLine + at;
    let command = `${lines[at++]!.replace(/^\$ /, '')}\n`;
    const end = /<<'(\w+)'/.exec(command)?.[1];
    const isOpen = () =>
      end ? !command.endsWith(`\n${end}\n`) : command.endsWith('\\\n') || command.split("'").length % 2 === 0;
    while (at < lines.length && isOpen()) command += `${lines[at++]}\n`;
    let shown = '';
    while (at < lines.length && !lines[at]!.startsWith('$ ')) shown += `${lines[at++]}\n`;
    steps.push({ line, command, shown });
  }
  return steps;
}

/** The steps as one bash script, which the first one that fails ends. A mark follows what each prints; `outputs` takes them apart again. */
export function asScript(steps: readonly PageStep[]): { readonly script: string; outputs(all: string): readonly string[] } {
  const mark = `mark-${randomUUID()}`;
  const text = steps.map(
    ({ command, line, shown }) =>
      `${shown === undefined ? `set -e\n${command}set +e\n` : command}code=$?; echo "${mark}"; [ $code = 0 ] || { echo "line ${line}: exit code $code"; exit 1; }`,
  );
  const script = ['exec 2>&1', 'set -o pipefail', ...text, ''].join('\n');
  return { script, outputs: (all) => all.split(`${mark}\n`).slice(0, -1) };
}

/** An output without what differs from run to run, or that a page cannot show: the carriage returns of CSV, times, ids, ports, the widths of columns, and the order of lines, since partitions come in any. */
export function comparable(output: string): string {
  return output
    .replaceAll('\r', '')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)/g, 'TIME')
    .replaceAll(/"timestamp":\d{13}/g, '"timestamp":TIME')
    .replaceAll(/\b(\d+(\.\d+)?(ms|s|m))+\b/g, 'DURATION')
    .replaceAll(/"valueSchemaId":\d+/g, '"valueSchemaId":ID')
    .replaceAll(/localhost:\d+/g, 'localhost:PORT')
    .replaceAll(/(topic id: +)\S+/g, '$1ID')
    .replaceAll(/[ ]{2,}/g, ' ')
    .replaceAll(/ +$/gm, '')
    .trim()
    .split('\n')
    .sort()
    .join('\n');
}
