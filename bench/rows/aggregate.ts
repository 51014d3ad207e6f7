/** Revenue by category and minute of a topic of orders, beside reading the same records with a filter. */
import { ordersTopic } from '../data.ts';
import { kts } from '../programs.ts';
import { size } from '../proof.ts';
import type { Contender, Row, Setting } from '../row.ts';

export function aggregateRow({ cluster, scale }: Setting): Row {
  const topic = 'bench-orders';
  const count = scale.tailRecords / 2;
  const whole = [topic, '--from-beginning', '-e', '-b', cluster.bootstrapServers];
  const measures = ['--by', 'value.category', '--window', '1m', '--count', '--sum', 'revenue=value.total', '-o', 'json'];
  const contender = (name: string, program: readonly string[], ...words: readonly string[]): Contender => {
    return { name, command: () => [...program, ...words] };
  };
  const [binary] = kts;
  return {
    title: `Revenue by category and minute of ${count.toLocaleString('en')} orders`,
    records: count,
    runs: scale.runs.long,
    setup: () => ordersTopic(cluster, topic, count),
    contenders: [
      ...kts.map(([name, program]) => contender(name, program, 'aggregate', ...whole, ...measures)),
      contender('kt tail --where', binary![1], 'tail', ...whole, '--where', 'value.total > 999.5'),
    ],
    check: size,
    // At most one and a half times as long.
    budgets: [
      { of: 'kt', atLeast: 0.67, rival: 'kt tail --where' },
      { of: 'kt', belowMb: 250 },
    ],
  };
}
