/** What each picture shows: the lines that are typed, on which records and topics. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openShop, type Stage } from './cluster.ts';
import type { Picture } from './svg.ts';
import type { Terminal } from './terminal.ts';

export interface Scene extends Picture {
  /** The picture's name. */
  readonly name: string;
  /** Of the window, in lines of text. */
  readonly lines: number;
  /** Makes what is to be seen, before anything is typed. */
  prepare?(stage: Stage): void;
  /** Leaves the screen as it is to be seen. */
  play(terminal: Terminal): Promise<void>;
}

const columns = 96;

/** With times of their own, so that they are the same in every picture. */
const customers = [
  { key: 'ann', plan: 'free', country: 'NL' },
  { key: 'ben', plan: 'premium', country: 'DE' },
  { key: 'cid', plan: 'free', country: 'DE' },
  { key: 'dee', plan: 'premium', country: 'NL' },
  { key: 'eve', plan: 'free', country: 'FR' },
].map(({ key, ...value }, index) =>
  JSON.stringify({ key, value: JSON.stringify(value), timestamp: Date.UTC(2026, 10, 27, 9, 30) + index * 61_234 }),
);

const before = `topics:
  - name: invoices
    configs: { retention.ms: 7d }
`;
const wanted = `topics:
  - name: invoices
    configs: { retention.ms: 30d, min.insync.replicas: 2 }
  - name: refunds
    partitions: 6
    configs: { cleanup.policy: compact }
`;

export const scenes: readonly Scene[] = [
  // First, while there is nothing else that its tables would show.
  {
    name: 'apply',
    title: 'kt topics apply',
    description:
      'kt topics apply --check shows how topics differ from a YAML file and exits with 1; kt topics apply changes them',
    columns,
    lines: 50,
    prepare({ kt, folder }) {
      kt(['topics', 'apply', '-', '-q'], before);
      writeFileSync(join(folder, 'topics.yaml'), wanted);
    },
    async play({ run }) {
      await run('cat topics.yaml');
      await run('kt topics apply topics.yaml --check');
      await run('kt topics apply topics.yaml');
      await run('kt topics apply topics.yaml --check');
    },
  },
  {
    name: 'tail',
    title: 'kt tail',
    description: 'kt tail prints the newest records that match an expression, as coloured JSON, and all records a line each',
    columns,
    lines: 40,
    prepare({ kt }) {
      kt(['topics', 'create', 'customers', '--partitions', '3', '--retention', 'forever', '-q']);
      kt(['produce', 'customers', '-i', 'json', '-q'], `${customers.join('\n')}\n`);
    },
    async play({ run }) {
      await run(`kt tail customers --last 2 --where 'value.plan === "premium"'`);
      await run('kt tail customers --from-beginning -e --merge -o line');
    },
  },
  {
    name: 'top',
    title: 'kt top',
    description: 'kt top shows the busiest topics, the groups that lag most with their trends and verdicts, and the brokers',
    columns,
    lines: 26,
    prepare: openShop,
    async play({ type, shows }) {
      await type('kt top');
      await shows(/search-index.* stalled/);
      await shows(/fraud-check.* growing/);
      await shows(/analytics.* catching up/);
    },
  },
  {
    name: 'lag',
    title: 'kt lag --watch',
    description: 'kt lag --watch shows the lag of groups live: how far behind, how it went, how fast, and when it is gone',
    columns,
    lines: 14,
    async play({ type, press, shows }) {
      await type('kt lag --watch');
      await shows(/ LAG +TREND/);
      press('g', 'g');
      await shows(/search-index .*[▁-█]{16}/);
    },
  },
];
