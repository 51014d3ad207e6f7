/** Options of other tools for each kt command, but for those that read and write records. */
import { allGroups, groupWords, resets } from './group-words.ts';
import { partitions, tailRules } from './reading.ts';
import { argument, each, flagged, gone, goneWith, listed, named, positionAs, positionOf, type Rules, value } from './rules.ts';
import { writingRules } from './writing.ts';

/** What every command may be given. */
export const commonRules: Rules = {
  '--broker-list': named('-b'),
  '--brokers': named('-b'),
  '--bootstrap-servers': named('-b'),
  '-B': named('-b'),
  '--context': named('--profile'),
  '--cluster-profile': named('--profile'),
  '--schema-registry': named('--registry'),
  '--schema-registry-url': named('--registry'),
  '--format': value((text, { options }) => (text === 'text' ? true : options.push('-o', text))),
  '--json': flagged('-o', 'json'),
  '--command-property': named('-X'),
  '--config-opt': named('-X'),
  '--no-confirm': flagged('--yes'),
  '--noconfirm': flagged('--yes'),
  '--force': flagged('--yes'),
};

/** A regular expression that may match anywhere, as one of kt's, which matches the whole name. */
function containing(regex: string): string {
  const before = regex.startsWith('^') ? '' : '.*';
  const after = regex.endsWith('$') ? '' : '.*';
  return `/${before}${regex.replace(/^\^|\$$/g, '')}${after}/`;
}

const topicFlag: Rules = { '--topic': argument, '-t': argument };

/** Changes of configs. */
const changes: Rules = {
  '--set': named('--config'),
  '-s': named('--config'),
  '--add-config': value((text, { options }) =>
    options.push(...text.split(/,(?=[\w.-]+=)/).flatMap((pair) => ['--config', pair])),
  ),
  '--delete': named('--delete-config'),
  '-d': named('--delete-config'),
  '--append': named('--append-config'),
  '--subtract': named('--subtract-config'),
  '--validate-only': flagged('--dry-run'),
  '--dry': flagged('--dry-run'),
};

const aclWords: Rules = {
  '--add': gone,
  '--list': gone,
  '--remove': gone,
  '--op': named('--operation'),
  '--perm': value((text) => text === 'any'),
  '--pattern': named('--resource-pattern-type'),
  '--type': value((text) => text === 'any'),
};

const times: Readonly<Record<string, string>> = {
  '-1': 'end',
  '-2': 'beginning',
  '-3': 'max-timestamp',
  '-4': 'earliest-local',
  '-5': 'latest-tiered',
};

const tables: Readonly<Record<string, Rules>> = {
  tail: tailRules,
  produce: writingRules,
  'topics list': {
    '--list': gone,
    '--topic': argument,
    '--exclude-internal': gone,
    '-i': flagged('--internal'),
    '--all': flagged('--internal'),
    '-r': value((text, { args }) => args.push(containing(text))),
    '--regex': value((text, { args }) => args.push(containing(text))),
    '--detailed': flagged('-o', 'wide'),
    '-d': flagged('-o', 'wide'),
  },
  'topics describe': {
    ...topicFlag,
    '--describe': gone,
    '--unavailable-partitions': flagged('--unavailable'),
    '--under-replicated-partitions': flagged('--under-replicated'),
    // Those set on a topic are shown with it.
    '--topics-with-overrides': gone,
    '--under-min-isr-partitions': flagged('--under-min-isr'),
    '--at-min-isr-partitions': flagged('--at-min-isr'),
    '--all-configs': flagged('--configs', 'all'),
    '-a': flagged('--configs', 'all'),
    '-c': flagged('--configs', 'all'),
    '--print-configs': flagged('--configs', 'all'),
    '--config': gone,
    '-p': gone,
    '--print-partitions': gone,
    '--partitions': gone,
    '--leaders': gone,
    '--replicas': gone,
    '-s': gone,
    '--print-summary': gone,
    '--section': value((text, { options }) => text !== 'configs' || options.length >= 0),
    '--skip-empty': gone,
  },
  'topics create': {
    ...topicFlag,
    '--create': gone,
    '--name': argument,
    '--replicas': named('-r'),
    '--validate-only': flagged('--dry-run'),
    '--dry': flagged('--dry-run'),
  },
  'topics alter': { '--topic': argument, '-t': argument, '--alter': gone, ...changes },
  'topics delete': { ...topicFlag, '--delete': gone },
  'topics delete-records': {
    ...topicFlag,
    '--offset': positionAs('--before'),
    '-o': positionAs('--before'),
    '--partitions': partitions,
    '-p': partitions,
  },
  'topics offsets': {
    ...topicFlag,
    '--time': value((text, { options }) =>
      options.push('--at', times[text] ?? (/^\d+$/.test(text) ? `@${text}` : (positionOf(text) ?? text))),
    ),
    '--partitions': partitions,
    '--topic-partitions': value((text, { args }) => args.push(...listed(text))),
    '--exclude-internal-topics': gone,
  },
  'groups list': {
    ...groupWords,
    '--state': { takes: 'maybe', read: (text, { options }) => text === '' || options.push('--state', text) > 0 },
    '--states': named('--state'),
    '--group-type': named('--type'),
    '--consumer': flagged('--type', 'consumer'),
    '--share': flagged('--type', 'share'),
    '--streams': flagged('--type', 'streams'),
  },
  'groups describe': {
    ...groupWords,
    '--all-groups': allGroups,
    '--state': gone,
    '--section': goneWith,
    '-s': gone,
    '--print-members': gone,
    '--print-lag': gone,
    '--print-summary': gone,
    '--print-commits': gone,
    '--only-with-lag': gone,
    '--consumer-protocol': gone,
  },
  lag: { '-g': argument, '--threshold': named('--max-lag'), '--max': named('--max-lag'), '--total': flagged('--summary') },
  'groups delete': { ...groupWords, '--all-groups': allGroups },
  'groups delete-offsets': groupWords,
  'groups reset-offsets': resets,
  'acls create': {
    ...aclWords,
    '--principal': named('--allow-principal'),
    '--host': named('--allow-host'),
    '--allow': gone,
    '--deny': {
      takes: 'nothing',
      read(_, { options }) {
        for (const [at, word] of options.entries()) options[at] = word.replace(/^--allow-/, '--deny-');
        return true;
      },
    },
  },
  'acls list': { ...aclWords, '--resource-name': named('--topic'), '--host': named('--allow-host') },
  'acls delete': { ...aclWords, '--host': named('--allow-host'), '--allow': gone },
  'configs alter': {
    ...changes,
    '--alter': gone,
    '-t': value((text, { args }) => args.unshift(text)),
    '--type': value((text, { args }) => args.unshift(text)),
    '--topic': value((text, { args }) => args.push('topic', text)),
  },
  'configs describe': {
    '--describe': gone,
    '-t': value((text, { args }) => args.unshift(text)),
    '--type': value((text, { args }) => args.unshift(text)),
    '--topic': value((text, { args }) => args.push('topic', text)),
    '--broker': value((text, { args }) => args.push('broker', text)),
    '--with-docs': flagged('-o', 'wide'),
  },
  'users set': {
    // It is asked for: a command line is seen by others.
    '--password': goneWith,
    '--new-password': goneWith,
    '-p': goneWith,
    '-m': named('--mechanism'),
    '-i': named('--iterations'),
  },
  'users delete': { '-m': named('--mechanism') },
  'cluster log-dirs': {
    '--describe': gone,
    '--broker-list': each('--broker'),
    '--topic-list': each('--topic'),
    '--topics': each('--topic'),
    '--topic': named('--topic'),
  },
  'partitions elect-leaders': {
    '--topic': argument,
    '--partition': named('-p'),
    '--all-topic-partitions': gone,
    '--all-partitions': gone,
    '--election-type': value((text, { options }) => text.toLowerCase() === 'preferred' || options.push('--unclean')),
  },
  'transactions describe': { '--transactional-id': argument },
  'transactions abort': { '--transactional-id': argument },
  'transactions find-hanging': {
    '--broker-id': goneWith,
    '--max-transaction-timeout': value((text, { options }) => options.push('--longer-than', `${text}m`)),
  },
  'tokens create': {
    '--create': gone,
    '--max-life-time-period': value((text, { options }) => text === '-1' || options.push('--max-lifetime', `${text}ms`)),
    '--renewer-principal': named('--renewer'),
    '--owner-principal': named('--owner'),
  },
  'schemas get': {
    '--schema-version': value((text, { args }) => args.length === 1 && args.push(`${args.pop()}@${text}`)),
  },
  'schemas register': { '--schema': named('-f') },
  'profile add': { '--brokers': named('-b') },
  'local up': {
    '--ports': named('--port'),
    '--nodes': named('--brokers'),
    '-n': named('--brokers'),
    '--version': named('--kafka-version'),
    '--as-version': named('--kafka-version'),
  },
};

/** What other tools call the options of a kt command. */
export function rulesFor(command: string): Rules {
  return tables[command] ?? {};
}
