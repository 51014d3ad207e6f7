/** Jobs of which other tools are told in files, or in other numbers than kt: what to type instead, in words. */
import { shellWord } from '../../base/shell-word.ts';
import type { More } from './row.ts';
import { type Draft, each, gone, goneWith, named, type Rules, value } from './rules.ts';

/** The value of an option of the draft. */
function given({ options }: Draft, option: string): string | undefined {
  const at = options.indexOf(option);
  return at < 0 ? undefined : options[at + 1];
}

const placed = (place: string): string => (place === '' ? 'TOPIC' : place);
const wordsOf = (args: readonly string[]): string => args.map(shellWord).join(' ');

/** kcl and rpk say how many partitions are added, kt how many there are to be. */
const more = named('--partitions');
export const addPartitions: More = {
  rules: { '--num': more, '-n': more, '-p': more, '-f': gone },
  advice: (draft) => {
    const topics = placed(wordsOf(draft.args));
    const added = given(draft, '--partitions') ?? 'some';
    return `kt topics alter ${topics} --partitions N, where N is how many kt topics describe ${topics} shows and ${shellWord(added)} more`;
  },
};

const moves: Rules = {
  '--topics-to-move-json-file': goneWith,
  '--reassignment-json-file': goneWith,
  '--broker-list': named('--brokers'),
  '--generate': gone,
  '--execute': gone,
  '--verify': gone,
  '--preserve-throttles': gone,
  '--disable-rack-aware': gone,
  '--timeout': goneWith,
  '--additional': gone,
  '--throttle': value((text, { options }) => /^\d+$/.test(text) && options.push('--throttle', `${text}/s`)),
};

const planned = ({ options }: Draft, ...others: readonly string[]) =>
  ['kt partitions reassign TOPIC…', ...options.map(shellWord), ...others].join(' ');

/** The plan of kafka-reassign-partitions.sh is a file; kt makes it, shows it and carries it out by itself. */
export const generated: More = { rules: moves, advice: (draft) => `${planned(draft, '--dry-run')} shows such a plan` };
export const executed: More = {
  rules: moves,
  advice: (draft) => `${planned(draft)} makes the plan, shows it and carries it out`,
};
export const cancelled: More = { rules: moves, advice: (draft) => `${planned(draft)} ends what is going on` };

/** kafka-delete-records.sh names partitions and offsets in a file. */
export const deletedByFile: More = {
  rules: { '--offset-json-file': goneWith },
  advice: () => 'kt topics delete-records TOPIC:PARTITION --before OFFSET does it for each partition of the file',
};

/** The application's id is its group. */
export const streamsReset: More = {
  rules: {
    '--application-id': named('--group'),
    '--input-topics': named('--topic'),
    '--internal-topics': goneWith,
    '--to-earliest': gone,
    '--force': gone,
    '--dry-run': gone,
  },
  advice: (draft) => {
    const group = shellWord(given(draft, '--group') ?? 'GROUP');
    const topic = given(draft, '--topic');
    const only =
      topic === undefined
        ? ''
        : topic
            .split(',')
            .map((each) => ` --topic ${shellWord(each)}`)
            .join('');
    return `kt groups reset-offsets ${group}${only} --to beginning --execute; its internal topics: kt topics list '${group}-*'`;
  },
};

/** A log file is read through its broker. */
export const dumpedLog: More = {
  rules: {
    '--files': goneWith,
    '--print-data-log': gone,
    '--deep-iteration': gone,
    '--cluster-metadata-decoder': gone,
    '--offsets-decoder': gone,
  },
  advice: () => 'kt tail TOPIC:PARTITION --from OFFSET -o json reads what the file holds from its broker',
};

/** Kafka's script names tokens by their secret, kt by their id. */
export const tokenById = (verb: 'renew' | 'expire'): More => ({
  rules: {
    '--renew': gone,
    '--expire': gone,
    '--hmac': goneWith,
    '--renew-time-period': goneWith,
    '--expiry-time-period': goneWith,
  },
  advice: () => `kt tokens ${verb} TOKEN-ID; kt tokens list shows the ids`,
});

/** kafkactl describes a topic in a file of JSON. */
export const topicFromFile: More = {
  rules: { '--file': goneWith, '-f': goneWith },
  advice: ({ args }) =>
    `kt topics apply FILE makes topics of YAML, which kt topics export prints; kt topics create ${placed(wordsOf(args))} --like TOPIC makes one like another`,
};

/** kt moves topics, not single partitions. */
export const onePartition: More = {
  rules: { '-r': named('--brokers'), '--replicas': named('--brokers') },
  advice: (draft) => {
    const topic = placed(wordsOf(draft.args.slice(0, 1)));
    return `kt partitions reassign ${topic} --brokers ${given(draft, '--brokers') ?? 'IDS'} moves all partitions of the topic`;
  },
};

/** kcl's cluster of its own can begin with topics. */
export const seeded: More = {
  rules: { '--seed-topic': each('--topic'), '--ports': named('--port') },
  advice: ({ options }) => {
    const seeds = options.filter((_, at) => options[at - 1] === '--topic').map((seed) => seed.split(':'));
    const others = options.filter((word, at) => word !== '--topic' && options[at - 1] !== '--topic');
    const topics = seeds.map(
      ([topic, count]) => `kt topics create ${shellWord(topic!)}${count ? ` --partitions ${count}` : ''}`,
    );
    return [['kt local up', ...others.map(shellWord)].join(' '), ...topics].join('; ');
  },
};

/** kcl's `features update NAME=LEVEL` lowers a level only with an upgrade type that says so. */
export const levels: More = {
  rules: {
    '--upgrade-type': value(
      (text, { options }) => text === 'safe-downgrade' || (text === 'unsafe-downgrade' && options.push('--unsafe')),
    ),
  },
  finish: ({ args, options }) => options.push(...args.splice(0).flatMap((level) => ['--feature', level])) > 0,
};

/** A topic is saved in two files: what it is, and what it holds. */
export const saved = ({ args }: Draft): string => {
  const topic = placed(wordsOf(args));
  return `kt topics export ${topic} > topic.yaml; kt tail ${topic} --from-beginning -e -o json > records.jsonl`;
};

export const restored = ({ args }: Draft): string =>
  `kt topics apply topic.yaml; kt produce ${placed(wordsOf(args.slice(0, 1)))} -i json --partition-from-input --file records.jsonl`;
