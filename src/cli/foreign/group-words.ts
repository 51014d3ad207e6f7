/** Groups in the words of kafka-consumer-groups.sh and its like. */
import {
  argument,
  each,
  flagged,
  gone,
  goneWith,
  isoDurationAs,
  millisecondsAs,
  named,
  positionAs,
  type Rule,
  type Rules,
  utcTimeAs,
  value,
} from './rules.ts';

/** kt shows the plan unless it is told `--execute`, which counts for nothing beside this. */
const planOnly: Rule = {
  takes: 'nothing',
  read(_, { properties, options }) {
    properties.set('plan', 'true');
    options.splice(0, options.length, ...options.filter((word) => word !== '--execute'));
    return true;
  },
};

/** Where a group's offsets go. */
export const resets: Rules = {
  '--group': argument,
  '-g': argument,
  '--reset-offsets': gone,
  '--to-earliest': flagged('--to', 'beginning'),
  '--oldest': flagged('--to', 'beginning'),
  '--earliest': flagged('--to', 'beginning'),
  '--to-latest': flagged('--to', 'end'),
  '--newest': flagged('--to', 'end'),
  '--latest': flagged('--to', 'end'),
  '--to-current': flagged('--shift', '0'),
  '--to-offset': named('--to'),
  '--offset': named('--to'),
  '--shift-by': named('--shift'),
  '--by-duration': isoDurationAs('--by-duration'),
  '--to-datetime': utcTimeAs('--to'),
  '--to': positionAs('--to'),
  '--to-file': named('--from-file'),
  '--all-topics': gone,
  '--topics': each('--topic'),
  '-t': named('--topic'),
  '--dry-run': planOnly,
  '--execute': { takes: 'nothing', read: (_, draft) => draft.properties.has('plan') || draft.options.push('--execute') > 0 },
  '--yes': flagged('--execute'),
  '--timeout': millisecondsAs('--timeout'),
};

export const groupWords: Rules = {
  '--group': argument,
  '-g': argument,
  '--describe': gone,
  '--list': gone,
  '--delete': gone,
  '--delete-offsets': gone,
  '--members': gone,
  '--offsets': gone,
  '--verbose': gone,
  '--all-groups': value(() => false),
  '--timeout': millisecondsAs('--timeout'),
  '--partitions': goneWith,
  '--topics': each('--topic'),
  '-t': named('--topic'),
};

export const allGroups = { takes: 'nothing' as const, read: (_: string, { args }: { args: string[] }) => args.push('*') > 0 };
