/** Searching a topic: by two fields of its values, and by a key. */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { fullTopic, keyedTopic, userId, writeFullTopic } from '../data.ts';
import { kcat, kcatTuning, kts } from '../programs.ts';
import { size, sumOfLines } from '../proof.ts';
import type { Row, Setting } from '../row.ts';
import { base } from '../shape.ts';

const [[, binary]] = kts as readonly [(typeof kts)[number]];

/** Beside kcat and jq, which parse each record and then its value, and beside an expression for which kt parses each value too. */
export function whereRow({ cluster, scale }: Setting): Row {
  const count = scale.tailRecords / 2;
  const servers = cluster.bootstrapServers;
  const at = 1_700_000_000_000 + count / 2;
  const where = `value.event === 'order.paid' && value.at >= ${at}`;
  const search = (program: readonly string[], expression: string) => {
    return () => [...program, 'tail', fullTopic, '--from-beginning', '-e', '-o', 'value', '--where', expression, '-b', servers];
  };
  const read = kcat(servers, '-C', '-t', fullTopic, '-o', 'beginning', '-e', '-q', '-J', ...kcatTuning);
  const select = `select(.payload | fromjson | .event == "order.paid" and .at >= ${at}) | .payload`;
  return {
    title: `Search ${count.toLocaleString('en')} records by two fields of their values, JSON of ${base.valueBytes} B`,
    records: count,
    runs: scale.runs.long,
    setup: () => writeFullTopic(cluster, count),
    contenders: [
      ...kts.map(([name, program]) => ({ name, command: search(program, where) })),
      { name: 'kt, parsing whole values', command: search(binary, `${where} && Object.keys(value).length > 0`) },
      { name: 'kcat -J | jq', command: () => ['sh', '-c', `${read.join(' ')} | jq -r '${select}'`] },
    ],
    proof: sumOfLines,
    check: size,
    budgets: [
      { of: 'kt', atLeast: 10, rival: 'kcat -J | jq' },
      { of: 'kt', atLeast: 3, rival: 'kt, parsing whole values' },
      { of: 'kt', belowMb: 200 },
    ],
  };
}

/** kt reads only the partition that the key belongs to, so it is measured by a tail of that one. */
export function keyRow({ cluster, scale }: Setting): Row {
  const count = scale.tailRecords;
  const partitions = 6;
  const topic = 'bench-keyed';
  const key = userId(12_345);
  const read = ['tail', topic, '--from-beginning', '-e', '-b', cluster.bootstrapServers];
  const search = [...read, '--key-is', key];
  let partition = '';
  return {
    title: `Search ${count.toLocaleString('en')} records in ${partitions} partitions for a key`,
    runs: scale.runs.short,
    async setup() {
      await keyedTopic(cluster, topic, count, { bytes: base.valueBytes, partitions });
      const [program = '', ...words] = [...binary, ...search, '-n', '1', '-f', '%p'];
      partition = execFileSync(program, words, { encoding: 'utf8' });
    },
    contenders: [
      ...kts.map(([name, program]) => ({ name, command: () => [...program, ...search] })),
      { name: 'kt tail of its partition', command: () => [...binary, ...read, '-p', partition] },
    ],
    proof: (output) => linesOf(output, key),
    check: size,
    // At most 1.2 times as long.
    budgets: [{ of: 'kt', atLeast: 0.83, rival: 'kt tail of its partition' }],
  };
}

/** Number and MD5 of the values with this key. */
async function linesOf(output: string, key: string): Promise<string> {
  const found = `${output}.found`;
  const out = createWriteStream(found);
  for await (const line of createInterface({ input: createReadStream(output) })) {
    if (line.includes(`"user_id":"${key}"`)) out.write(`${line}\n`);
  }
  out.end();
  await finished(out);
  return sumOfLines(found);
}
