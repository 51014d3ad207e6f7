/** Kafka's performance tests: records that kt makes up, and records that it reads. */
import { shellWord } from '../../base/shell-word.ts';
import type { More } from './row.ts';
import { argument, type Draft, gone, goneWith, named, type Rules, value } from './rules.ts';
import { written } from './writing.ts';

/** Client properties that are options of kt, and those that say how a Java client sends. */
const options: Readonly<Record<string, string>> = {
  'bootstrap.servers': '-b',
  acks: '--acks',
  'compression.type': '--compression',
};
const ways = /^(linger\.ms|batch\.size|buffer\.memory|max\.in\.flight\.requests\.per\.connection|enable\.idempotence)$/;

function takeProperty(text: string, draft: Draft): boolean {
  const [, name = '', given = ''] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (name === '') return false;
  if (!ways.test(name)) draft.options.push(...(options[name] ? [options[name], given] : ['-X', text]));
  return true;
}

const property = value(takeProperty);

/** Records are counted, made up and sent at a rate; `--producer-props` takes every word up to the next option. */
export const producerTest: More = {
  rules: {
    '--producer-props': property,
    '--command-property': property,
    '--print-metrics': gone,
    '--reporting-interval': goneWith,
  },
  finish(draft) {
    const properties = draft.args.splice(1);
    return properties.every((each) => takeProperty(each, draft)) && written(draft);
  },
};

const readingRules: Rules = {
  '--topic': argument,
  '--messages': named('-n'),
  '--num-records': named('-n'),
  '--from-latest': value(() => false),
  '--broker-list': named('-b'),
  '--consumer.config': named('--command-config'),
  '--command-config': named('--command-config'),
  '--command-property': named('-X'),
  // A reader of its own needs no group.
  '--group': goneWith,
  '--fetch-size': goneWith,
  '--socket-buffer-size': goneWith,
  '--threads': goneWith,
  '--num-fetch-threads': goneWith,
  '--reporting-interval': goneWith,
  '--timeout': goneWith,
  '--show-detailed-stats': gone,
  '--print-metrics': gone,
  '--hide-header': gone,
};

/** kt has no test of reading, but reads as many, and a shell takes the time. */
export const consumerTest: More = {
  rules: readingRules,
  advice: ({ args, options: words }) =>
    `time kt tail ${args.map(shellWord).join(' ') || 'TOPIC'} --from-beginning -e ${words.map(shellWord).join(' ')} -o raw > /dev/null`.replace(
      '  ',
      ' ',
    ),
};
