/** Client properties that Kafka's console tools and kcat take and that are options of kt: `--producer-property acks=1` is `--acks 1`. */
import { type Rule, value } from './rules.ts';

/** kt's words for a property's value; undefined where kt has none for it. */
type Words = (value: string) => readonly string[] | undefined;
type Properties = Readonly<Record<string, Words>>;

const as =
  (option: string): Words =>
  (text) => [option, text];

const milliseconds =
  (option: string): Words =>
  (text) =>
    /^\d+$/.test(text) ? [option, `${text}ms`] : undefined;

/** What kt does without being told. */
const only =
  (expected: string): Words =>
  (text) =>
    text === expected ? [] : undefined;

const acks: Words = (text) => ['--acks', text === '-1' ? 'all' : text];

const partitioners: Readonly<Record<string, string>> = {
  murmur2: 'java',
  murmur2_random: 'java',
  consistent: 'librdkafka',
  consistent_random: 'librdkafka',
};

/** Sizes and times of a client that kt sets itself. */
const tuning =
  /^(linger\.ms|batch\.size|batch\.num\.messages|buffer\.memory|max\.block\.ms|max\.in\.flight.*|max\.request\.size|message\.max\.bytes|queue.*|fetch\..*|max\.poll\..*|max\.partition\.fetch\.bytes|auto\.commit\.interval\.ms|statistics\.interval\.ms|(send|receive)\.buffer\.bytes)$/;

const producer: Properties = {
  acks,
  'request.required.acks': acks,
  'compression.type': as('--compression'),
  'compression.codec': as('--compression'),
  retries: as('--retries'),
  'message.send.max.retries': as('--retries'),
  'transactional.id': as('--transactional-id'),
  'delivery.timeout.ms': milliseconds('--delivery-timeout'),
  'message.timeout.ms': milliseconds('--delivery-timeout'),
  'enable.idempotence': only('true'),
  partitioner: (text) => (Object.hasOwn(partitioners, text) ? ['--partitioner', partitioners[text]!] : undefined),
};

const consumer: Properties = {
  'auto.offset.reset': (text) => (/^(earliest|smallest|beginning)$/.test(text) ? ['--from-beginning'] : []),
  'isolation.level': as('--isolation'),
  'enable.auto.commit': only('true'),
  // Without -G kcat joins no group.
  'group.id': () => [],
};

function propertyOf(known: Properties): Rule {
  return value((pair, { options }) => {
    const [, name, given] = /^(?:topic\.)?([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) return false;
    const words = Object.hasOwn(known, name) ? known[name]!(given!) : tuning.test(name) ? [] : ['-X', pair];
    return words === undefined ? false : options.push(...words);
  });
}

export const producerProperty = propertyOf(producer);

/** kcat's, which joins a group with -G alone. */
export const readerProperty = propertyOf(consumer);

/** Those of a consumer that joins the group that a property names, and commits. */
export const consumerProperty = propertyOf({ ...consumer, 'group.id': (group) => ['--group', group, '--commit'] });
