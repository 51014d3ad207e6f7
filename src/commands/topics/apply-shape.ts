/** How a plan looks: a table for each section of the files, a row for each difference. */

import { KtError } from '../../base/errors.ts';
import { counted } from '../../base/units.ts';
import type { Block, Column, TableShape, Tone } from '../../cli/shape.ts';
import { ruleText } from '../../core/acls/rule.ts';
import type { Change } from '../../core/configs/alter.ts';
import type { Outcome } from '../../core/desired/apply.ts';
import { entityText } from '../../core/quotas/entity.ts';
import { ruleColumns, ruleFields } from '../acls/shape.ts';
import { changeFields, settingText } from '../configs/options.ts';
import { entityColumns, quotaText } from '../quotas/options.ts';

type Of<S extends Outcome['subject']> = Extract<Outcome, { readonly subject: S }>;

const signs: Readonly<Record<Outcome['action'], string>> = {
  create: '+',
  change: '~',
  delete: '-',
  none: '=',
  unmanaged: '?',
};
const tones: Readonly<Partial<Record<Outcome['action'], Tone>>> = { create: 'good', change: 'warn', delete: 'bad' };

/** One row: an item, or one of its settings. */
interface Row<O extends Outcome> {
  readonly outcome: O;
  readonly setting?: Setting;
}

/** What is set before and after; one that stands in no file stays as it is. */
interface Setting {
  readonly name: string;
  readonly before: string | null;
  readonly after?: string | null;
  readonly isUnmanaged?: true;
}

const planColumn: Column<Row<Outcome>> = {
  header: 'PLAN',
  get: ({ outcome, setting }) => (setting?.isUnmanaged ? '? unmanaged' : `${signs[outcome.action]} ${outcome.action}`),
  tone: ({ outcome, setting }) => (setting?.isUnmanaged ? 'dim' : toneOf(outcome)),
};

const statusColumn: Column<Row<Outcome>> = {
  header: 'STATUS',
  get: ({ outcome, setting }) => (setting?.isUnmanaged ? 'unmanaged' : outcome.status),
  tone: ({ outcome: { status } }) => (status === 'failed' ? 'bad' : status === 'applied' ? 'good' : 'dim'),
};

function toneOf({ action }: Outcome): Tone {
  return tones[action] ?? 'dim';
}

function settingColumns(header: string): readonly Column<Row<Outcome>>[] {
  return [
    { header, get: ({ setting }) => setting?.name },
    { header: 'BEFORE', get: ({ setting }) => setting?.before, tone: ({ setting }) => (isChange(setting) ? 'bad' : 'dim') },
    { header: 'AFTER', get: ({ setting }) => setting?.after, tone: ({ setting }) => (isChange(setting) ? 'good' : undefined) },
  ];
}

function isChange(setting: Setting | undefined): boolean {
  return setting !== undefined && !setting.isUnmanaged;
}

/** The columns of an item, of a row that holds it. */
function columnsOf<O extends Outcome>(columns: readonly Column<O>[]): readonly Column<Row<O>>[] {
  return columns.map(({ header, get, tone }) => ({
    header,
    get: ({ outcome }) => get(outcome),
    ...(tone && { tone: ({ outcome }: Row<O>) => tone(outcome) }),
  }));
}

interface Table<O extends Outcome> {
  readonly columns: readonly Column<Row<O>>[];
  readonly rowsOf: (outcome: O) => readonly Row<O>[];
  /** What one is called. */
  readonly word: string;
  /** In `-o name`, and where differences are named. */
  readonly nameOf: (outcome: O) => string;
}

const topicTable: Table<Of<'topic'>> = {
  columns: [
    planColumn,
    { header: 'TOPIC', get: ({ outcome }) => outcome.topic, tone: ({ outcome }) => toneOf(outcome) },
    ...settingColumns('SETTING'),
    statusColumn,
  ],
  rowsOf: (outcome) => settingRows(outcome, outcome.changes.map(configSetting), Object.entries(outcome.unmanaged)),
  word: 'topic',
  nameOf: ({ topic }) => topic,
};

const aclTable: Table<Of<'acl'>> = {
  columns: [planColumn, ...columnsOf<Of<'acl'>>(ruleColumns), statusColumn],
  rowsOf: oneRow,
  word: 'rule',
  nameOf: ruleText,
};

const userTable: Table<Of<'user'>> = {
  columns: [
    planColumn,
    { header: 'USER', get: ({ outcome }) => outcome.user, tone: ({ outcome }) => toneOf(outcome) },
    { header: 'MECHANISM', get: ({ outcome }) => outcome.mechanism ?? 'any' },
    statusColumn,
  ],
  rowsOf: oneRow,
  word: 'password',
  nameOf: ({ user, mechanism }) => (mechanism === null ? user : `${user} ${mechanism}`),
};

const quotaTable: Table<Of<'quota'>> = {
  columns: [planColumn, ...columnsOf<Of<'quota'>>(entityColumns), ...settingColumns('QUOTA'), statusColumn],
  rowsOf: (outcome) => {
    const text = (name: string, value: number | null) => (value === null ? null : quotaText(name, value));
    const changes = outcome.changes.map(
      ({ name, before, after }): Setting => ({ name, before: text(name, before), after: text(name, after) }),
    );
    const unmanaged = Object.entries(outcome.unmanaged).map(([name, value]) => [name, text(name, value)] as const);
    return settingRows(outcome, changes, unmanaged);
  },
  word: 'quota',
  nameOf: ({ entity }) => entityText(entity),
};

function configSetting(change: Change): Setting {
  return {
    name: change.name,
    before: settingText(change, change.before, change.beforeSource),
    after: settingText(change, change.after, change.afterSource),
  };
}

/** What is as it should be takes no row. */
function oneRow<O extends Outcome>(outcome: O): readonly Row<O>[] {
  return outcome.action === 'none' && !outcome.error ? [] : [{ outcome }];
}

/** A row per setting. */
function settingRows<O extends Outcome>(
  outcome: O,
  changes: readonly Setting[],
  unmanaged: readonly (readonly [name: string, value: string | null])[],
): readonly Row<O>[] {
  return [
    ...(changes.length === 0 ? oneRow(outcome) : []),
    ...changes.map((setting) => ({ outcome, setting })),
    ...unmanaged.map(([name, before]): Row<O> => ({ outcome, setting: { name, before, isUnmanaged: true } })),
  ];
}

/** More that stand in no file than these are only counted. */
const fewUnmanaged = 10;

function blocksOf<O extends Outcome>({ columns, rowsOf, word }: Table<O>, outcomes: readonly O[]): readonly Block[] {
  const unmanaged = outcomes.filter(({ action }) => action === 'unmanaged');
  const many = unmanaged.length > fewUnmanaged;
  const rows = outcomes.filter(({ action }) => !many || action !== 'unmanaged').flatMap(rowsOf);
  const footer = many && { footer: `${counted(unmanaged.length, `other ${word}`)} are in no file (left alone)` };
  return rows.length > 0 || many ? [{ columns, hidesEmpty: true, rows, ...footer }] : [];
}

/** The check that did not hold, naming what differs. */
function driftOf<O extends Outcome>({ word, nameOf }: Table<O>, outcomes: readonly O[]): readonly KtError[] {
  const drifted = [...new Set(outcomes.filter(({ status, error }) => status === 'planned' && !error).map(nameOf))];
  if (drifted.length === 0) return [];
  const named = drifted.length > 5 ? `${drifted.slice(0, 5).join(', ')}, …` : drifted.join(', ');
  const differ = drifted.length === 1 ? 'differs' : 'differ';
  return [
    new KtError('check', `${counted(drifted.length, word)} ${differ} from the files: ${named}`, {
      code: 'DRIFT',
      hint: 'run it without --check to apply the changes',
    }),
  ];
}

/** Each table with the outcomes that it shows. */
function eachTable<T>(
  outcomes: readonly Outcome[],
  show: <O extends Outcome>(table: Table<O>, outcomes: readonly O[]) => readonly T[],
): readonly T[] {
  const of = <S extends Outcome['subject']>(subject: S) =>
    outcomes.filter((outcome): outcome is Of<S> => outcome.subject === subject);
  return [
    ...show(topicTable, of('topic')),
    ...show(aclTable, of('acl')),
    ...show(userTable, of('user')),
    ...show(quotaTable, of('quota')),
  ];
}

export const planShape: TableShape<readonly Outcome[]> = {
  kind: 'table',
  tables: [topicTable, aclTable, userTable, quotaTable].map(({ columns }) => columns),
  blocks: (outcomes) => eachTable(outcomes, blocksOf),
  formats: {
    markdown: async (outcomes) => {
      const { planMarkdown } = await import('../plan-markdown.ts');
      const changed = outcomes.filter(({ status }) => status !== 'unchanged' && status !== 'unmanaged').length;
      const title = changed === 0 ? 'Plan: no drift' : `Plan: ${counted(changed, 'difference')}`;
      const failed = outcomes.flatMap(({ error }) => error ?? []);
      return planMarkdown(title, planShape.blocks(outcomes), failed);
    },
  },
  names: (outcomes) =>
    eachTable(outcomes, ({ nameOf }, own) =>
      own.filter(({ status }) => status !== 'unchanged' && status !== 'unmanaged').map(nameOf),
    ),
  fields: {
    subject: 'what it is about: topic, acl, user or quota',
    topic: 'name of the topic',
    ...ruleFields(),
    user: 'name of the user',
    mechanism: 'mechanism of the user’s password; null: any',
    iterations: 'how many times the password is hashed; null when it is not there',
    'entity.*': 'user, clientId or ip that has the quotas; null as the name of a default',
    action: 'create, change, delete (with --prune), none or unmanaged (it is in no file)',
    status: 'applied, unchanged, unmanaged, planned (with --check), valid (with --dry-run) or failed',
    ...changeFields,
    'changes[].name': 'partitions, replicationFactor, a config or a quota',
    'unmanaged.*': 'value of a config or quota that is set and is in no file',
    error: 'why it failed: {kind, code, message, hint}, code being Kafka’s error name',
  },
  problems: (outcomes) => [...outcomes.flatMap(({ error }) => error ?? []), ...eachTable(outcomes, driftOf)],
};
