/** `kt local logs`: what the brokers of a local Kafka log. */
import { usageError } from '../../base/errors.ts';
import { flag, option, repeatable } from '../../cli/define.ts';
import { text, wholeNumber } from '../../cli/options.ts';
import type { LinesShape } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { localStatus } from '../../local/cluster.ts';
import { type LogLine, logLines } from '../../local/logs.ts';
import { localPlace } from '../../local/place.ts';

const shows: LinesShape<LogLine & { readonly several: boolean }> = {
  kind: 'lines',
  text: ({ broker, line, several }) => (several ? `${broker}  ${line}` : line),
  json: ({ broker, line }) => ({ broker, line }),
  fields: { broker: 'broker id', line: 'a line of its log' },
};

const usualLines = 100;

export const localLogs = command({
  name: 'local logs',
  summary: 'Print what the brokers of a local Kafka log',
  args: {},
  options: {
    name: option('--name <name>', 'name of the cluster', text, { defaultText: 'default' }),
    broker: repeatable('--broker <id>', 'only this broker', wholeNumber),
    lines: option('-n, --lines <count>', 'how many of the newest lines of each broker', wholeNumber, {
      defaultText: String(usualLines),
    }),
    follow: flag('-f, --follow', 'then print what comes, until Ctrl-C'),
  },
  shows,
  examples: [
    { line: 'kt local logs', does: 'the newest 100 lines' },
    { line: 'kt local logs --name three --broker 2 -f', does: 'watch one of three brokers' },
  ],
  async run({ env, signal, note }, _, { name = 'default', broker, lines = usualLines, follow }) {
    const cluster = await localStatus(localPlace(name, env), { signal, note });
    if (!cluster) throw usageError(`no local cluster ${name}`, 'kt local list shows those there are');
    const unknown = broker.find((id) => !cluster.nodes.some((node) => node.id === id));
    if (unknown !== undefined)
      throw usageError(`no broker ${unknown} (there are ${cluster.nodes.map(({ id }) => id).join(', ')})`, 'give one of these');
    const nodes = cluster.nodes.filter(({ id }) => broker.length === 0 || broker.includes(id));
    return shown(logLines({ runtime: cluster.runtime, nodes }, { lines, follow, signal }), nodes.length > 1);
  },
});

async function* shown(all: AsyncIterable<readonly LogLine[]>, several: boolean) {
  for await (const lines of all) yield lines.map((line) => ({ ...line, several }));
}
