/** `kt top`: a cluster at a glance, and into any record, on a full screen that changes nothing. */
import { usageError } from '../base/errors.ts';
import { pause } from '../base/pause.ts';
import { option } from '../cli/define.ts';
import type { FullScreen } from '../cli/full-screen.ts';
import { type Live, orLive } from '../cli/live.ts';
import { finiteDuration } from '../cli/options.ts';
import type { TableShape } from '../cli/shape.ts';
import { type Context, command } from '../context.ts';
import { Collector } from '../core/top/collector.ts';
import type { Snapshot } from '../core/top/snapshot.ts';
import { addressText } from '../kafka/connection/address.ts';
import { fieldReading } from './reading/field-reading.ts';
import { readingOptions } from './reading/options.ts';
import { topLive, topShape } from './top/samples.ts';

const defaultIntervalMs = 2_000;
const [shortestMs, longestMs] = [1_000, 60_000];

function interval(text: string): number {
  const ms = finiteDuration(text);
  if (ms < shortestMs || ms > longestMs) throw usageError(`${text} (must be from 1s to 60s)`, 'give a duration such as 5s');
  return ms;
}

export const top = command({
  name: 'top',
  summary: 'Watch a cluster live: rates, lag, brokers, any record',
  description: [
    'Four screens: overview, topics, groups, brokers. Enter opens what the cursor is on (a topic with its partitions, configs, records and groups; a group with its partitions and the record that each is stuck on; a record as folded JSON or hex), Esc goes back, / filters, ? shows all keys. Nothing is changed, no group is joined, nothing is committed.',
    'Asks each broker at most twice a second, whatever the number of topics and groups, and less where answers are slow; while it is paused, or stopped by Ctrl-Z, not at all. Records are fetched beside that, only while they are shown.',
    'Rates are differences of end offsets over the last five ticks, OUT/S of committed offsets. A partition whose leader does not answer is left out and the sum marked ~, never counted as zero; – is not known, x not allowed. Once it has begun, kt top goes on through any outage and shows how old its values are.',
    'In a pipe it prints one overview as tables and ends; -o json prints an object per tick until it is stopped.',
    'Keys and values are read as by kt tail, with the same options on formats and schemas.',
  ].join('\n\n'),
  args: {},
  options: {
    interval: option('--interval <duration>', 'time between two looks, from 1s to 60s', interval, { defaultText: '2s' }),
    ...readingOptions,
  },
  shows: orScreen(topShape),
  examples: [
    { line: 'kt top', does: 'watch the cluster of the current profile' },
    { line: 'kt top --profile prod --interval 5s', does: 'watch another one, more slowly' },
    { line: 'kt top | cat', does: 'one overview as tables' },
    {
      line: `kt top -o json | jq -c '[.timestamp, (.groups[] | select(.verdict == "stalled") | .group)]'`,
      does: 'the stalled groups at each tick, for a script',
    },
  ],
  async run(context, _args, { interval: intervalMs = defaultIntervalMs, ...reading }) {
    const { globals, terminal, env } = context;
    // KT_OUTPUT is a wish for where there is no screen.
    const isAsked = globals.output !== undefined && !globals.outputIsWish;
    const isScreen = terminal.stdout && terminal.stdin && !isAsked && env['TERM'] !== 'dumb';
    if (isScreen) checkScreenOptions(context);
    const formats = await fieldReading(context, reading, { showsMeaning: true, looksInside: true });
    const collector = new Collector(await context.cluster(), intervalMs);
    const snapshot = await collector.start();
    if (!isScreen && globals.output === 'json') return topLive(collector);
    if (!isScreen) {
      await collector.tick();
      await pause(intervalMs, context.signal);
      await collector.tick();
      return collector.snapshot();
    }
    const [{ Top }, where] = await Promise.all([import('./top/app.ts'), placeOf(context)]);
    return new Top(context, { ...formats, maxBatchBytes: reading.maxBatchBytes }, { collector, snapshot, where });
  },
});

/** @throws KtError `usage` for options that a screen cannot follow */
function checkScreenOptions({ globals, terminal }: Pick<Context, 'globals' | 'terminal'>): void {
  const { columns, sort, noHeaders, verbose } = globals;
  const option = columns ? '--columns' : sort ? '--sort' : noHeaders ? '--no-headers' : undefined;
  if (option) throw usageError(`${option} on a full screen (it shows what there is room for)`, 'leave it out, or add -o table');
  if (verbose && terminal.stderr)
    throw usageError('-v (its lines would be written over the screen)', 'send them to a file: kt top -v 2> requests.log');
}

/** What names the cluster in the first line: the profile that gave its address, or the address: `kafka-1:9092 +2`. */
export async function placeOf({ settings }: Pick<Context, 'settings'>): Promise<string> {
  const { profile, bootstrapServers } = await settings();
  if (profile !== undefined) return profile;
  const [first, ...others] = bootstrapServers.map(addressText);
  return others.length === 0 ? first! : `${first} +${others.length}`;
}

/** The shape of a command that may return a screen or samples instead: these never reach the shape's functions. */
function orScreen(shape: TableShape<Snapshot>): TableShape<Snapshot | Live<Snapshot> | FullScreen> {
  return orLive(shape) as TableShape<Snapshot | Live<Snapshot> | FullScreen>;
}
