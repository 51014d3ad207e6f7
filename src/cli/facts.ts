/** What help, the manual and the tree of commands say of kt as a whole. */

export interface Fact {
  readonly name: string;
  readonly meaning: string;
}

/** What people do most, in the order in which they meet it. */
export const firstLines: readonly { readonly line: string; readonly does: string }[] = [
  { line: 'kt local up', does: 'run a real Kafka on this machine, to try kt' },
  { line: 'kt topics list', does: 'list the topics of localhost:9092; -b HOST:PORT is another cluster' },
  { line: 'kt topics create orders -p 6 --retention 7d', does: 'create a topic that keeps records for a week' },
  { line: 'kt produce orders -k 17 -m \'{"amount":120}\'', does: 'write a record; without -m, each line of stdin' },
  { line: 'kt tail orders --last 10', does: 'print the newest ten records' },
  { line: 'kt tail orders', does: 'print records as they arrive' },
  { line: "kt tail orders --from -1h -e --where 'value.amount > 100'", does: 'find records of the last hour' },
  { line: 'kt tail orders --from-beginning -e -o json > orders.jsonl', does: 'save a topic; kt produce -i json restores it' },
  { line: 'kt lag billing --max-lag 1000', does: 'show how far a group is behind; exit code 1 if too far' },
  { line: 'kt groups reset-offsets billing --to -1h', does: 'plan to read the last hour again; --execute does it' },
];

/** The sections of `kt --help`; nouns in none of them come last. */
export const nounSections: readonly { readonly title: string; readonly nouns: readonly string[] }[] = [
  { title: 'RECORDS', nouns: ['tail', 'produce', 'pipe', 'table', 'trace', 'aggregate'] },
  { title: 'TOPICS AND GROUPS', nouns: ['topics', 'lag', 'groups', 'configs', 'schemas', 'connect'] },
  { title: 'CLUSTER', nouns: ['cluster', 'partitions', 'acls', 'users', 'quotas', 'tokens', 'transactions', 'producers'] },
  { title: 'THIS MACHINE', nouns: ['local', 'profile', 'completion'] },
];

/** What stands where help says `<position>`, `<duration>` and so on. */
export const valueForms: readonly Fact[] = [
  {
    name: 'position',
    meaning: 'beginning, end, an offset, -N for the last N of each partition, @TIME, or -1h for an hour ago',
  },
  { name: 'time', meaning: 'ISO 8601 (UTC where it names no zone), epoch milliseconds, now, or -1h for an hour ago' },
  { name: 'duration', meaning: '500ms, 30s, 5m, 2h, 7d, 4w, or forever' },
  { name: 'size', meaning: '1024, 10kB, 1KiB, 1GiB, or unlimited' },
];

export const exitCodeFacts: readonly Fact[] = [
  { name: '0', meaning: 'success; also when the reader of a pipe has gone' },
  { name: '1', meaning: 'a check failed' },
  { name: '2', meaning: 'bad option, value or file' },
  { name: '3', meaning: 'the cluster refused at least one item' },
  { name: '4', meaning: 'no connection: network, TLS, SASL or a timeout' },
  { name: '70', meaning: 'a bug in kt' },
  { name: '129, 130, 143', meaning: 'ended by SIGHUP, Ctrl-C or SIGTERM, after a clean close' },
];

/** Variables that stand for no option. */
export const otherVariables: readonly Fact[] = [
  { name: 'NO_COLOR, FORCE_COLOR', meaning: 'never or always use colour, unless --color is given' },
  { name: 'XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME', meaning: 'where profiles, local clusters and downloads are kept' },
  { name: 'JAVA_HOME', meaning: 'the Java that runs local clusters' },
];
