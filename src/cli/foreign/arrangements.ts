/** How words of other tools are arranged as kt has them, where that takes more than another name for an option. */
import type { Job } from './job.ts';
import { type Draft, gone, positionOf, type Rules, value } from './rules.ts';

/** The last argument in front: `topic clone A B` makes B like A. */
export function likeFirst({ args, options }: Draft): boolean {
  const [source, target] = args.splice(0);
  if (source === undefined || target === undefined) return false;
  args.push(target);
  options.push('--like', source);
  return true;
}

/** `groups seek G --to-group H` copies H's offsets to G. */
export const copyRules: Rules = {
  '--to-group': value((source, { args }) => args.unshift(source)),
  '--allow-new-topics': gone,
};

/** kcl's `--to +10` and `--to -10` count from where the group is. */
export const seekRules: Rules = {
  '--to': value((text, { options }) => {
    if (/^[+-]\d+$/.test(text)) return options.push('--shift', text.replace('+', ''));
    const position = positionOf(text);
    return position === undefined ? false : options.push('--to', position);
  }),
};

export const offsetPairs: Rules = {
  '--offset': value((text, { args, options }) => {
    const [, partition, offset] = /^(\d+)=(\d+)$/.exec(text) ?? [];
    if (partition === undefined || options.includes('--before')) return false;
    args.push(`${args.pop()}:${partition}`);
    return options.push('--before', offset!);
  }),
};

/** kcl's `-p 0:100`: a partition and the first offset to keep. */
export const offsetOfPartition = value((text, { args, options }) => {
  const [, partition, offset] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (partition === undefined || options.includes('--before') || args.length !== 1) return false;
  args.push(`${args.pop()}:${partition}`);
  return options.push('--before', offset!);
});

export const behindPlan: Omit<Job, 'taken' | 'command' | 'line'> = {
  rules: {
    '--noconfirm': gone,
    '--all-partitions': gone,
    '--offset': value((text, { options }) =>
      options.push('--to', { latest: 'end', newest: 'end', oldest: 'beginning', earliest: 'beginning' }[text] ?? text),
    ),
    '--partition': value((text, { options }) => {
      const at = options.indexOf('--topic');
      if (at < 0) return false;
      options[at + 1] += `:${text}`;
      return true;
    }),
  },
};

export function pairAfterTopic({ args, options }: Draft): boolean {
  const [topic, key, text] = args;
  if (args.length === 1) return options.length > 0;
  if (topic === undefined || key === undefined) return false;
  args.splice(1);
  const pairs = text === undefined ? args.splice(1) : [];
  options.push('--config', text === undefined ? key : `${key}=${text}`, ...pairs.flatMap((pair) => ['--config', pair]));
  return true;
}

export function keysAfterTopic({ args, options }: Draft): boolean {
  const keys = args.splice(1).flatMap((list) => list.split(','));
  options.push(...keys.flatMap((key) => ['--delete-config', key]));
  return keys.length > 0;
}

/** kcl names topics behind the group. */
export function topicsBehindGroup({ args, options }: Draft): boolean {
  options.push(...args.splice(1).flatMap((topic) => ['--topic', topic]));
  return options.includes('--topic');
}

export function wholeTopic({ options }: Draft): boolean {
  options.push('--from-beginning', '-e');
  return true;
}

/** `grep TEXT TOPIC…` */
export function searched({ args, options }: Draft): boolean {
  const [text, ...topics] = args.splice(0);
  args.push(...topics);
  options.push('--from-beginning', '-e', '--value', text ?? '');
  return topics.length > 0;
}

/** The oldest ten records, or as many as were asked for. */
export function firstTen({ options }: Draft): boolean {
  options.unshift('--from-beginning', ...(options.includes('-n') ? [] : ['-n', '10']));
  return true;
}
