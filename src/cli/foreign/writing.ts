/** `kt produce` in the words of other tools: Kafka's console producer and performance test, and those written in Go. */
import { producerProperty } from './client-properties.ts';
import { argument, type Draft, flagged, gone, goneWith, headerAs, named, type Rules, value } from './rules.ts';

const property = value((text, { properties }) => {
  const [, name, given] = /^([^=]+)=?(.*)$/s.exec(text) ?? [];
  return (
    ['parse.key', 'key.separator', 'null.marker', 'ignore.error'].includes(name ?? '') &&
    properties.set(name!, given!) !== undefined
  );
});

const acks: Readonly<Record<string, string>> = { WaitForAll: 'all', WaitForLocal: '1', NoResponse: '0', '-1': 'all' };

/** franz-go's formats, where they only split a line: `%k:%v\n`. */
const lineFormat = value((text, { options }) => {
  // Without a field in it, the name of a file.
  if (!text.includes('%')) return options.push('--file', text);
  const [, separator] = /^%k(.+)%v(?:\\n)?$/.exec(text) ?? [];
  if (separator === undefined || separator.includes('%')) return /^%v(?:\\n)?$/.test(text);
  return options.push('-K', separator);
});

export const writingRules: Rules = {
  '--topic': argument,
  '-t': argument,
  '--property': property,
  '--reader-property': property,
  '--producer-property': producerProperty,
  '--command-property': producerProperty,
  '--producer-props': producerProperty,
  '--producer.config': named('--command-config'),
  '--producer-config': named('--command-config'),
  '--compression-codec': { takes: 'maybe', read: (text, { options }) => options.push('--compression', text || 'gzip') > 0 },
  '-z': named('--compression'),
  '--sync': gone,
  '--literal': gone,
  '--request-required-acks': value((text, { options }) => options.push('--acks', acks[text] ?? text)),
  '--required-acks': value((text, { options }) => options.push('--acks', acks[text] ?? text)),
  '--request-timeout-ms': goneWith,
  '--batch-size': goneWith,
  '--num-records': named('--count'),
  '--record-size': value((text, { options }) => /^\d+$/.test(text) && options.push('--value-template', `{{text ${text}}}`)),
  '--throughput': value((text, { options }) => text === '-1' || options.push('--rate', `${text}/s`)),
  '--value': named('-m'),
  // -v is --verbose where nothing follows it.
  '-v': { takes: 'maybe', read: (text, { options }) => options.push(...(text === '' ? ['-v'] : ['-m', text])) > 0 },
  '--separator': named('-K'),
  '-S': named('-K'),
  '--lineSeparator': named('--record-separator'),
  '-L': named('--record-separator'),
  '--input-format': named('-i'),
  '--input': value((text, { options }) => text === 'json-each-row' && options.push('-i', 'json')),
  '-f': lineFormat,
  '--format': lineFormat,
  '--null-value': flagged('--tombstone'),
  '-p': named('--partition'),
  '--header': headerAs('-H'),
  '-H': headerAs('-H'),
  '--silent': flagged('-q'),
  '-s': flagged('-q'),
  '--rate': value((text, { options }) => /^\d+$/.test(text) && options.push('--rate', `${text}/s`)),
};

/** What Kafka's console producer is told with properties, and a record that was written behind the topic. */
export function written({ args, options, properties }: Draft): boolean {
  if (properties.get('parse.key') === 'true') options.push('-K', properties.get('key.separator') ?? '\\t');
  else if (properties.has('key.separator')) return false;
  const marker = properties.get('null.marker');
  if (marker !== undefined) options.push('-Z', marker);
  const messages = args.splice(1);
  if (messages.length > 1 && messages.some((text) => text.includes('='))) return false;
  options.push(...messages.flatMap((text) => ['-m', text]));
  return args.length === 1;
}
