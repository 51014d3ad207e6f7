/** What other tools do and kt does not: it says so, and names what comes closest. */

/** Words as a regular expression, and what to say; the words behind them name what it is done to. */
type Lack = readonly [words: string, say: string | ((rest: readonly string[]) => string)];

const orTopic = ([topic = 'TOPIC']: readonly string[]): string => topic;

const lacks: readonly Lack[] = [
  [
    'topics? analyze',
    (rest) =>
      `kt does not look at batches: kt top shows the rates of topics, and kt aggregate ${orTopic(rest)} --count --window 1m --from 1h -e counts records by the minute`,
  ],
  [
    'misc err(?:code|text)|err(?:code|text)',
    "kt has no list of error codes: its errors have Kafka's names, and kafka.apache.org/protocol lists the codes",
  ],
  ['misc raw-req', 'kt sends no requests from JSON: kt COMMAND -v prints each request that a command sends'],
  [
    'misc probe-version',
    'kt cluster api-versions shows what each broker can do, kt cluster features the level of metadata.version',
  ],
  [
    'generate shell-completion|misc gen-autocomplete',
    'kt completion SHELL prints the script for bash, zsh, fish or powershell',
  ],
  [
    'generate prometheus-config',
    'kt writes no configuration of Prometheus: kt lag --serve localhost:9308 exports the lag of groups, which it can scrape',
  ],
  [
    'generate grafana-dashboard',
    'kt generates no dashboard: kt lag --serve localhost:9308 exports the lag of groups, and examples/ in its repository has a dashboard for that',
  ],
  ['generate', 'kt generates no code, licences or configuration; kt help -o json prints its commands as data'],
  [
    'attach',
    'kt starts no pod: kubectl port-forward and kt --address-map ADVERTISED=localhost:PORT reach a cluster in Kubernetes',
  ],
  [
    'security (?:roles?|access)|roles?',
    'Kafka has no roles: kt acls create --allow-principal User:NAME gives rights to a user, and kt acls list shows them',
  ],
  [
    'cluster maintenance',
    'Kafka has no maintenance mode: kt partitions reassign TOPIC --brokers IDS moves replicas off a broker, kt partitions elect-leaders gives leaders back',
  ],
  [
    'cluster (?:license|storage|connections|self-test)|redpanda (?:start|stop|tune|mode|config|check)|cloud|transform|iotune',
    'that is about Redpanda itself: kt knows what Kafka has',
  ],
  [
    'debug bundle',
    'kt makes no bundle: kt doctor looks for what is wrong, kt cluster health and kt cluster describe show the state',
  ],
  ['plugin', 'kt has no plugins: kt --help shows all it can do'],
  [
    'e2e-latency|end-to-end-latency',
    'kt does not measure from end to end: kt produce TOPIC --count 10000 --rate 100/s reports the latency of writing',
  ],
  ['storage (?:format|random-uuid|info)', 'kt formats no storage: kt local up starts a Kafka of its own for trials'],
  ['server-start', 'kt starts no broker of yours: kt local up starts a Kafka of its own for trials'],
  ['server-stop', 'kt stops only what kt local up has started: kt local down'],
  [
    'metadata-shell',
    'kt reads no metadata log: kt cluster quorum, kt cluster features and kt topics describe show what is in force',
  ],
  ['jmx', 'kt reads no JMX: kt top shows rates and lag, kt cluster health the state'],
  [
    'replica-verification',
    'kt compares no replicas: kt topics describe --under-replicated and kt cluster health show those that are behind',
  ],
  ['mirror-maker', 'kt pipe SOURCE TARGET --to-profile PROFILE --group NAME copies one way and goes on where it stopped'],
];

/** What to say to a line whose job kt does not have; undefined where it may have it. */
export function lackFor(words: readonly string[]): string | undefined {
  for (const [pattern, say] of lacks) {
    const match = new RegExp(`^(?:${pattern})(?= |$)`).exec(words.join(' '));
    if (match) return typeof say === 'string' ? say : say(words.slice(match[0].split(' ').length));
  }
  return undefined;
}
