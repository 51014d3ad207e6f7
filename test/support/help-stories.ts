/** What the lines that help shows are about: the topics, groups and files they find, and how each of them ends. */
import { randomUUID } from 'node:crypto';

export interface LineStory {
  /** Shell commands that come before it. */
  readonly given?: string;
  readonly stdin?: string;
  /** The exit code, 0 unless given: another one is the answer that this cluster deserves. */
  readonly code?: number;
  /** It goes on until Ctrl-C: these shell commands have it print something, if it does not by itself. */
  readonly goesOn?: string;
  /** What is typed instead: values that each machine has its own of, and waits that are shortened. */
  readonly as?: readonly (readonly [from: string | RegExp, to: string])[];
}

/** Subjects are registered where other tests register theirs. */
const own = `help-${randomUUID()}`;

const now = Date.now();
const minuteMs = 60_000;

function lines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function event(key: number | string, value: object, agoMs = 0) {
  return { key: String(key), value: JSON.stringify(value), timestamp: now - agoMs };
}

/** An order a minute, the last hour's; order 17 is paid, the payment fails, and the order is cancelled. */
const orders = Array.from({ length: 60 }, (_, id) => {
  const country = ['NL', 'DE', 'FR'][id % 3];
  const order = { id, type: 'OrderCreated', customer: `c${id % 7}`, country, category: ['books', 'toys'][id % 2] };
  return event(id, { ...order, total: 10 * id, amount: 10 * id }, (60 - id) * minuteMs);
});
const ago17 = (60 - 17) * minuteMs;
const people = [17, 18, 19].map((id) => event(id, { plan: id === 17 ? 'gold' : 'free', email: `u${id}@example.com` }));

/** Files that the lines name, by their names. */
export const files: Readonly<Record<string, string>> = {
  'hour.jsonl': lines([...orders, event(17, { type: 'OrderCancelled' }, ago17 - 3_000)]),
  'payments.jsonl': lines([
    event(17, { type: 'PaymentReceived', amount: 170 }, ago17 - 1_000),
    event(17, { type: 'PaymentFailed' }, ago17 - 2_000),
  ]),
  'orders.txt': '{"total":1}\n{"total":2}\n',
  'people.jsonl': lines(people),
  'accounts.jsonl': lines([5, -2].map((amount) => event('A-1', { amount }))),
  'prices.jsonl': lines(['a', 'b'].map((key) => event(key, { price: 1 }))),
  'shop.jsonl': lines([{ ...event(1, { type: 'OrderCreated' }), headers: [{ key: 'correlation-id', value: '8f14' }] }]),
  'dead.jsonl': lines([{ ...event(1, { total: 1 }), headers: [{ key: 'kafka_dlt-original-topic', value: 'orders' }] }]),
  'client.properties': 'security.protocol=PLAINTEXT\n',
  'money.proto': 'syntax = "proto3";\nmessage Money { int64 cents = 1; }\n',
  'order.proto': 'syntax = "proto3";\nimport "money.proto";\nmessage Order { int64 id = 1; Money total = 2; }\n',
  ...Object.fromEntries(['order-1.avsc', 'order-2.avsc', 'order.avsc'].map((name, index) => [name, avro(index)])),
};

/** A record with so many optional fields beside its id: each version fits the others. */
function avro(optional: number): string {
  const more = Array.from({ length: optional }, (_, index) => ({
    name: `note${index}`,
    type: ['null', 'string'],
    default: null,
  }));
  return JSON.stringify({ type: 'record', name: 'Order', fields: [{ name: 'id', type: 'long' }, ...more] });
}

/** Two topics with an hour of orders, and a group that is through with them. */
const filled = `
kt topics delete orders payments --if-exists --yes
kt groups delete billing --yes || true
kt topics create orders payments -p 4
kt produce orders -i json --file hour.jsonl
kt produce payments -i json --file payments.jsonl
kt tail orders --group billing --commit --from-beginning -e`;

/** A transaction whose producer was killed. */
const openTransaction = `
rm -f held && mkfifo held
kt produce orders --transactional-id payments < held > /dev/null 2>&1 & producer=$!
exec 9> held
echo x >&9
until kt transactions list -o json | grep -q Ongoing; do sleep 0.1; done
kill -9 $producer`;

/** What the examples of a command find, beyond what those before them left. */
export const givens: Readonly<Record<string, string>> = {
  'topics list': 'kt topics create orders-dlt -p 4 --if-not-exists',
  'topics create': 'kt topics delete orders payments orders-copy users --if-exists --yes',
  'topics alter': 'kt topics create users -p 4 --if-not-exists',
  'topics delete': 'kt topics create test-1 test-2 --if-not-exists',
  'topics delete-records': 'kt topics create orders -p 12 --if-not-exists; kt produce orders:3 --count 4300',
  'topics offsets': filled,
  'topics apply': `kt topics export > topics.yaml
kt topics export orders > orders.yaml
kt topics export payments > payments.yaml
kt topics export --sections acls,users,quotas > access.yaml`,
  pipe: `${filled}
kt topics create users users-masked all-orders -p 4 --if-not-exists
kt produce users -i json --file people.jsonl
kt produce orders-dlt -i json --file dead.jsonl
kt topics create orders --if-not-exists -b $STAGING --command-config client.properties
kt profile add staging -b $STAGING -X security.protocol=PLAINTEXT`,
  produce: 'kt topics create readings --if-not-exists',
  aggregate: `${filled}; kt topics create requests clicks -p 1 --if-not-exists`,
  tail: 'kt groups export billing -o json > offsets.json',
  table: `kt topics create customers stock account-events prices -p 2 --if-not-exists
kt produce customers -i json --file people.jsonl
kt produce account-events -i json --file accounts.jsonl
for topic in stock prices; do kt produce $topic -i json --file prices.jsonl; done`,
  trace: 'kt topics create shop-orders --if-not-exists; kt produce shop-orders -i json --file shop.jsonl',
  top: 'kt profile add prod -b $KT_BOOTSTRAP_SERVER --command-config $KT_COMMAND_CONFIG',
  lag: filled,
  'groups reset-offsets': 'kt groups export billing -o csv > billing.csv',
  'groups delete': 'kt groups copy billing test-1 --yes',
  'groups delete-offsets': filled,
  'groups remove-members': filled,
  'groups peek': `${filled}; kt groups reset-offsets billing --to -3 --execute`,
  'users set': 'umask 077; echo secret > alice.secret',
  'acls who-can': 'kt acls create --allow-principal User:alice --producer --topic orders',
  'transactions describe': openTransaction,
  doctor: filled,
  'profile add': 'test -f client.properties',
  completion: 'mkdir -p .config/fish/completions',
  'schemas list': `for file in order-1.avsc order-2.avsc order.avsc; do kt schemas register ${own}-orders-value -f $file; done
kt schemas register ${own}-money -f money.proto
kt topics create ${own}-orders-1 --if-not-exists
kt schemas get ${own}-orders-value -o json | jq .id > schema.id`,
};

const registered: LineStory['as'] = [
  ['http://localhost:8081', '$REGISTRY'],
  ['orders-', `${own}-orders-`],
  ['money@1', `${own}-money@1`],
  ['id:42', 'id:$(cat schema.id)'],
];

const token = ['5lb9RMsfQzmMzrxd0ShO9Q', '$(cat token.id)'] as const;
const newToken = 'kt tokens create --hmac-file hmac.$RANDOM -o json | jq -r ".. | .tokenId? // empty" > token.id';

/** Lines with something special about them. */
export const stories: Readonly<Record<string, LineStory>> = {
  'kt tail orders': { goesOn: 'kt produce orders -m x' },
  'kt tail orders --from-beginning': { goesOn: '' },
  'kt lag billing --max-lag 1000': { given: 'kt tail orders --group billing --commit --from-beginning -e' },
  "kt pipe users users-masked --group masking --exactly-once --map '{ ...value, email: mask(value.email) }'": { goesOn: '' },
  'kt produce orders -K : --compression snappy': { stdin: 'a:1\nb:2\n' },
  'kt produce orders -i json': { stdin: lines(people) },
  'kt produce readings -K : --key-format int64 --value-format cbor': { stdin: '7:{"celsius":21.5}\n' },
  [`kt produce orders --count 10000 --rate 500/s --key-template 'user-{{int 1 50}}' --value-template '{"id":"{{uuid}}","total":{{int 1 900}}}'`]:
    { as: [['10000', '100']] },
  'kt aggregate orders --from -1h --by value.category --window 1m --count --sum revenue=value.total': { goesOn: '' },
  'kt aggregate requests --window 5m --hop 1m --p95 value.ms --p99 value.ms -o json': {
    // A window closes when a later record comes: each is ten minutes after the one before, from yesterday on.
    goesOn: `echo >> steps; kt produce requests -m '{"ms":5}' --timestamp $((($(date +%s) - 86400 + $(wc -l < steps) * 600) * 1000))`,
  },
  'kt aggregate clicks --by value.user --session 30m --count --emit updates': {
    goesOn: `kt produce clicks -m '{"user":"ann"}'`,
  },
  "kt tail orders --from -1h --where 'value.amount > 100'": { goesOn: '' },
  'kt tail orders --group billing --commit': { goesOn: '' },
  'kt tail orders --share-group packing -n 10 --ack release -o json': {
    given: 'kt configs alter group packing --config share.auto.offset.reset=earliest',
  },
  "kt tail orders --from -1h -f '%p %o %k %v\\n'": { goesOn: '' },
  'kt table prices --follow -o json': { goesOn: '' },
  [`kt top -o json | jq -c '[.timestamp, (.groups[] | select(.verdict == "stalled") | .group)]'`]: {
    goesOn: '',
    // On a terminal it prints each line at once.
    as: [['jq -c', 'jq --unbuffered -c']],
  },
  'kt lag billing --fail-if-growing --for 2m': { as: [['2m', '2s']] },
  'kt lag --watch 1s': { goesOn: '' },
  'kt lag newsletter --fail-if-growing --for 1m': {
    given: 'kt groups copy billing newsletter --yes',
    as: [['1m', '2s']],
  },
  'kt lag --watch': { goesOn: '' },
  'kt lag --serve localhost:9308': { goesOn: '', as: [['9308', '0']] },
  'kt lag --seconds --serve localhost:9308': { goesOn: '', as: [['9308', '0']] },
  'kt groups delete-offsets billing --topic orders:0,3 --dry-run': {
    given: 'kt tail orders --group billing --commit --from-beginning -e',
  },
  'kt groups delete billing': { given: 'kt groups copy billing audit --yes' },
  'kt users set alice': {
    as: [[/.+/, "(sleep 1; echo secret; sleep 1; echo secret; sleep 1) | script -qec '$&' /dev/null"]],
  },
  'kt users delete alice --mechanism SCRAM-SHA-256 --yes': {
    given: 'kt users set alice --mechanism SCRAM-SHA-256 --password-file alice.secret',
  },
  'kt quotas delete --client-id web --consumer-byte-rate --yes': {
    given: 'kt quotas set --client-id web --consumer-byte-rate 1MiB',
  },
  'kt tokens renew 5lb9RMsfQzmMzrxd0ShO9Q --period 12h': { given: newToken, as: [token] },
  'kt tokens expire 5lb9RMsfQzmMzrxd0ShO9Q': { given: newToken, as: [token] },
  'kt tokens expire 5lb9RMsfQzmMzrxd0ShO9Q --after 1h --yes': { given: newToken, as: [token] },
  'kt cluster health --wait 2m': { as: [['2m', '2m --min-free 0']] },
  // The only broker is no broker 4, and one of 4.3 does not go back with topics in it.
  'kt cluster unregister 4': { code: 3 },
  'kt cluster features downgrade --metadata 4.2-IV1 --dry-run': { code: 3 },
  'EDITOR=nano kt profile edit': { as: [['nano', 'true']] },
  'kt profile use prod': { given: 'kt profile rename prod-eu prod' },
  'kt completion bash > /etc/bash_completion.d/kt': { as: [['/etc/bash_completion.d/', '']] },
  'kt completion zsh > /usr/local/share/zsh/site-functions/_kt': { as: [['/usr/local/share/zsh/site-functions/', '']] },
  'kt schemas list --registry http://localhost:8081': { as: registered },
  "kt schemas list 'orders-*' -o name": { as: registered },
  'kt schemas delete orders-value@3': { as: registered },
  'kt schemas delete orders-value --permanent --dry-run': { as: registered },
  'kt schemas get orders-value': { as: registered },
  'kt schemas get orders-value@3 -o json': { as: registered },
  'kt schemas get id:42 --resolved': { as: registered },
  'kt schemas check orders-value -f order.avsc': { as: registered },
  'kt schemas check orders-value -f order.avsc --against all -o json': { as: registered },
  'kt schemas diff orders-value 3 latest': { as: registered },
  'kt schemas compatibility orders-value FULL': { as: registered },
  'kt schemas register orders-value -f order.avsc': { as: registered },
  'kt schemas register orders-value -f order.avsc --dry-run': { as: registered },
  // A registry of Apicurio's has one type for all versions of a subject.
  'kt schemas register orders-value -f order.proto --reference money.proto=money@1': {
    as: [
      ['orders-value', `${own}-protobuf-value`],
      ['money@1', `${own}-money@1`],
    ],
  },
  // Topics of the lines that run beside it are deleted and made again, which it would find.
  'kt schemas usage orders-value': { as: [...registered, [/$/, ` --topic '${own}-*'`]] },
  "kt schemas usage id:42 --topic 'orders-*' --last 10000": { as: registered },
};

const threeBrokers = 'test/integration/partitions.test.ts';
const controllers = 'test/integration/quorum-voters.test.ts';
const localClusters = 'test/integration/local.test.ts';

/** Lines that need another cluster or program, with the test that does what they do there. */
export const elsewhere: Readonly<Record<string, string>> = {
  "kt partitions reassign 'orders-*' --replication-factor 3": threeBrokers,
  "kt partitions reassign '*' --brokers 1,2,3 --throttle 50MiB/s": threeBrokers,
  'kt cluster quorum add-controller --controller-config controller.properties': controllers,
  'kt cluster quorum add-controller -i 4 -d yIwsHvbKAMoo3yRA0DcNyQ --listener CONTROLLER://host4:9093': controllers,
  'kt cluster quorum remove-controller --controller-id 4': controllers,
  'kt groups remove-members billing --instance-id pod-3': 'test/field/dead-static-members.test.ts',
  'kt pipe orders orders-avro --from-beginning -e --value-schema orders-avro-value': 'test/integration/pipe-schemas.test.ts',
  'kt transactions abort --topic orders:3 --start-offset 4711': 'test/integration/transactions.test.ts',
  'kt local up --schema-registry': localClusters,
  'kt local up --brokers 3 --name three --port 19092': localClusters,
  'kt local up --kafka-version 3.7.0 --security sasl_ssl --name secure --port 0': localClusters,
  'kt local logs --name three --broker 2 -f': localClusters,
  'kt completion powershell | Out-String | Invoke-Expression': 'test/cli/completion.test.ts',
};
