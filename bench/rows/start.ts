/** Start-up alone: kt printing its help, beside runtimes that do nothing. */
import { compiled, kts } from '../programs.ts';
import type { Row, Setting } from '../row.ts';

export async function startRow({ scale }: Setting): Promise<Row> {
  const empty = await compiled('floor/empty.ts');
  return {
    title: 'Start: kt --help beside empty programs',
    runs: scale.runs.short,
    contenders: [
      ...kts.map(([name, program]) => ({ name, command: () => [...program, '--help'] })),
      { name: 'empty Bun program', command: () => [empty] },
      { name: 'empty Node program', command: () => [process.execPath, '-e', '0'] },
    ],
    budgets: [{ of: 'kt', atLeast: 0.4, rival: 'empty Bun program' }],
  };
}
