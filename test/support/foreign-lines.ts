/** Lines from the manuals of other tools, with kt's line for the same job: tests look them up and run them. */

/** As in the manual, but for the names; typed to kt with `kt` in place of the tool's name. */
export type ForeignLine = readonly [typed: string, kt: string];

export const foreignLines: readonly ForeignLine[] = [
  // Kafka's scripts, from the documentation's sections on operations and security
  ['kafka-topics.sh --list', 'kt topics list'],
  ['kafka-topics.sh --describe --topic orders', 'kt topics describe orders'],
  [
    'kafka-topics.sh --create --topic made --partitions 20 --replication-factor 1 --config retention.ms=3600000',
    'kt topics create made --partitions 20 --replication-factor 1 --config retention.ms=3600000',
  ],
  ['kafka-topics.sh --alter --topic orders --partitions 40', 'kt topics alter orders --partitions 40'],
  ['kafka-topics.sh --delete --topic doomed', 'kt topics delete doomed'],
  ['kafka-topics.sh --describe --under-replicated-partitions', 'kt topics describe --under-replicated'],
  ['kafka-topics.sh --describe --unavailable-partitions', 'kt topics describe --unavailable'],
  [
    'kafka-configs.sh --entity-type topics --entity-name orders --alter --add-config retention.ms=3600000',
    'kt configs alter topic orders --config retention.ms=3600000',
  ],
  [
    'kafka-configs.sh --entity-type topics --entity-name orders --alter --delete-config retention.ms',
    'kt configs alter topic orders --delete-config retention.ms',
  ],
  ['kafka-configs.sh --entity-type topics --entity-name orders --describe', 'kt configs describe topic orders'],
  ['kafka-configs.sh --entity-type brokers --entity-name 1 --describe --all', 'kt configs describe broker 1 --all'],
  [
    'kafka-configs.sh --entity-type brokers --entity-default --alter --add-config log.cleaner.threads=2',
    'kt configs alter broker default --config log.cleaner.threads=2',
  ],
  [
    "kafka-configs.sh --alter --add-config 'producer_byte_rate=1024,consumer_byte_rate=2048,request_percentage=200' --entity-type users --entity-name user1 --entity-type clients --entity-name clientA",
    'kt quotas set --user user1 --client-id clientA --producer-byte-rate 1024 --consumer-byte-rate 2048 --request-percentage 200',
  ],
  ['kafka-configs.sh --describe --entity-type users --entity-name user1', 'kt quotas list --user user1'],
  [
    "kafka-configs.sh --alter --add-config 'SCRAM-SHA-256=[iterations=8192,password=alice-secret]' --entity-type users --entity-name alice",
    'kt users set alice --mechanism SCRAM-SHA-256 --iterations 8192',
  ],
  [
    "kafka-configs.sh --alter --delete-config 'SCRAM-SHA-512' --entity-type users --entity-name alice",
    'kt users delete alice --mechanism SCRAM-SHA-512',
  ],
  [
    'kafka-configs.sh --alter --entity-type users --entity-name alice --delete-config producer_byte_rate,request_percentage',
    'kt quotas delete --user alice --producer-byte-rate --request-percentage',
  ],
  ['kafka-consumer-groups.sh --list', 'kt groups list'],
  ['kafka-consumer-groups.sh --describe --group billing', 'kt groups describe billing'],
  ['kafka-consumer-groups.sh --describe --group billing --members --verbose', 'kt groups describe billing'],
  ['kafka-consumer-groups.sh --describe --all-groups', "kt groups describe '*'"],
  ['kafka-consumer-groups.sh --delete --group gone-one --group gone-two', 'kt groups delete gone-one gone-two'],
  [
    'kafka-consumer-groups.sh --reset-offsets --group billing --topic orders --to-latest',
    'kt groups reset-offsets billing --topic orders --to end',
  ],
  [
    'kafka-consumer-groups.sh --reset-offsets --group billing --all-topics --to-earliest --execute',
    'kt groups reset-offsets billing --to beginning --execute',
  ],
  [
    'kafka-consumer-groups.sh --reset-offsets --group billing --topic orders:0,1 --shift-by -1 --dry-run',
    'kt groups reset-offsets billing --topic orders:0,1 --shift -1',
  ],
  [
    'kafka-consumer-groups.sh --reset-offsets --group billing --topic orders --by-duration PT1H30M',
    'kt groups reset-offsets billing --topic orders --by-duration 1h30m',
  ],
  [
    'kafka-consumer-groups.sh --reset-offsets --group billing --topic orders --to-datetime 2026-01-31T00:00:00.000',
    'kt groups reset-offsets billing --topic orders --to @2026-01-31T00:00:00.000Z',
  ],
  [
    'kafka-consumer-groups.sh --delete-offsets --group billing --topic orders',
    'kt groups delete-offsets billing --topic orders',
  ],
  [
    'kafka-console-consumer.sh --topic orders --from-beginning --timeout-ms 3000',
    'kt tail orders --from-beginning --idle-timeout 3s',
  ],
  [
    'kafka-console-consumer.sh --topic orders --from-beginning --max-messages 1 --property print.key=true',
    "kt tail orders --from-beginning -n 1 -f '%k\\t%v\\n'",
  ],
  [
    'kafka-console-consumer.sh --topic orders --partition 0 --offset 0 --max-messages 1',
    'kt tail orders -n 1 --partition 0 --from 0',
  ],
  ['kafka-console-producer.sh --topic orders', 'kt produce orders'],
  ['kafka-console-producer.sh --topic orders --property parse.key=true --property key.separator=:', 'kt produce orders -K :'],
  [
    'kafka-acls.sh --add --allow-principal User:Bob --allow-principal User:Alice --allow-host 198.51.100.0 --operation Read --operation Write --topic orders',
    'kt acls create --allow-principal User:Bob --allow-principal User:Alice --allow-host 198.51.100.0 --operation Read --operation Write --topic orders',
  ],
  ['kafka-acls.sh --list --topic orders', 'kt acls list --topic orders'],
  ['kafka-metadata-quorum.sh describe --status', 'kt cluster quorum'],
  ['kafka-get-offsets.sh --topic orders --time -2', 'kt topics offsets orders --at beginning'],
  ['kafka-log-dirs.sh --describe --topic-list orders', 'kt cluster log-dirs --topic orders'],
  ['kafka-leader-election.sh --election-type preferred --all-topic-partitions', 'kt partitions elect-leaders'],
  ['kafka-transactions.sh find-hanging --broker-id 1', 'kt transactions find-hanging'],
  ['kafka-broker-api-versions.sh', 'kt cluster api-versions'],
  // kcat's README and help
  ['kcat -L', 'kt topics describe'],
  ['kcat -L -t orders -J', 'kt topics describe orders -o json'],
  ['kcat -C -t orders -p 0 -o -2000 -e', 'kt tail orders -p 0 --from -2000 -e'],
  ['kcat -t orders -o beginning -e', 'kt tail orders --from-beginning -e'],
  ['kcat -C -t orders -c 1 -J', 'kt tail --from-beginning -n 1 -o json orders'],
  [
    "kcat -C -e -t orders -f 'Topic %t[%p], offset: %o, key: %k, payload: %S bytes: %s\\n'",
    "kt tail orders --from-beginning -e -f 'Topic %t[%p], offset: %o, key: %k, payload: %S bytes: %s\\n'",
  ],
  ['kcat -C -t orders -o s@1568276612443 -o e@1568276617901', 'kt tail orders --from @1568276612443 --to @1568276617901'],
  ['kcat -Q -t orders:0:1568276612443', 'kt topics offsets orders:0 --at @1568276612443'],
  ['kcat -P -t orders -K: -z snappy', 'kt produce orders -K : --compression snappy'],
  ['kcat -t orders -Z -K:', "kt produce orders -Z '' -K :"],
  ['kcat -G billing orders', 'kt tail orders --group billing --commit'],
  // kcl's README and help
  ['kcl topic list -i', 'kt topics list --internal'],
  [
    'kcl topic trim-prefix orders --offset @2024-01-15 --partitions 0,1',
    'kt topics delete-records orders --before @2024-01-15T00:00Z -p 0 -p 1',
  ],
  ['kcl consume orders -o @-30m:@now', 'kt tail orders --from @-30m --to @now'],
  ['kcl consume orders -n 1 -o start', 'kt tail orders -n 1 --from-beginning'],
  ['kcl consume -g billing orders payments', 'kt tail orders payments --group billing --commit'],
  ["kcl produce orders -f '%k: %v\\n'", "kt produce orders -K ': '"],
  ['kcl group seek billing --to start', 'kt groups reset-offsets billing --to beginning'],
  [
    'kcl group seek billing --to end --topics orders,payments',
    'kt groups reset-offsets billing --to end --topic orders --topic payments',
  ],
  ['kcl group seek billing --to-group other', 'kt groups copy other billing'],
  ['kcl cluster describe-cluster', 'kt cluster describe'],
  // kaf's README and help
  ['kaf node ls', 'kt cluster describe'],
  ['kaf consume orders --output json-each-row', 'kt tail orders -o json'],
  ['kaf produce orders --key 1 --header h1:hv1', 'kt produce orders --key 1 -H h1=hv1'],
  [
    'kaf group commit billing -t orders --offset latest --all-partitions',
    'kt groups reset-offsets billing --topic orders --to end',
  ],
  ['kaf group commit billing -t orders --offset 1 --partition 0', 'kt groups reset-offsets billing --topic orders:0 --to 1'],
  ['kaf config use-cluster prod', 'kt profile use prod'],
  ['kaf topic add-config orders retention.ms 3600000', 'kt topics alter orders --config retention.ms=3600000'],
  // kafkactl's README
  ['kafkactl get topics', 'kt topics list'],
  ['kafkactl describe topic orders --all-configs', 'kt topics describe orders --configs all'],
  ['kafkactl create topic made --partitions 32', 'kt topics create made --partitions 32'],
  ['kafkactl consume orders --tail=5', 'kt tail orders --last 5'],
  ['kafkactl consume orders --from-beginning --exit --print-keys', "kt tail orders --from-beginning --exit -f '%k\\t%v\\n'"],
  ['kafkactl consume orders --from-timestamp 2014-04-26T17:24:37.123Z', 'kt tail orders --from @2014-04-26T17:24:37.123Z'],
  ['kafkactl produce orders --key=my-key --value=my-value', 'kt produce orders --key my-key -m my-value'],
  ['kafkactl produce orders --null-value --key k', 'kt produce orders --tombstone --key k'],
  ['kafkactl reset offset billing --topic orders --oldest', 'kt groups reset-offsets billing --topic orders --to beginning'],
  ['kafkactl delete records orders --offset 0=1', 'kt topics delete-records orders:0 --before 1'],
  ['kafkactl describe consumer-group billing', 'kt groups describe billing'],
  ['kafkactl clone topic orders copied', 'kt topics create copied --like orders'],
  ['kafkactl alter broker 1 --config background.threads=8', 'kt configs alter broker 1 --config background.threads=8'],
  [
    'kafkactl create acl --topic orders --operation read --principal User:consumer --allow',
    'kt acls create --topic orders --operation read --allow-principal User:consumer',
  ],
  // rpk's help
  ['rpk topic consume orders -n 1 -o start', 'kt tail orders -n 1 --from-beginning'],
  [
    'rpk topic alter-config orders --set retention.ms=3600000 --delete cleanup.policy',
    'kt topics alter orders --config retention.ms=3600000 --delete-config cleanup.policy',
  ],
  ['rpk topic describe orders -a', 'kt topics describe orders --configs all'],
  ['rpk cluster info', 'kt cluster describe'],
  ['rpk security acl list', 'kt acls list'],
  ['rpk profile print prod', 'kt profile show prod'],
  ['rpk container start -n 3', 'kt local up --brokers 3'],
  // fgeller/kt's README
  ['kt topic -filter orders -partitions', 'kt topics describe /.*orders.*/'],
  ['kt produce -topic orders -literal', 'kt produce orders'],
  ['kt consume -topic orders -offsets 0=1:2', 'kt tail orders -p 0 --from 1 --to 3'],
  ['kt consume -topic orders -offsets all=newest-1:', 'kt tail orders --from -1'],
  ['kt group -group billing -topic orders -partitions 0', 'kt lag billing --topic orders'],
];

/** Lines that were put aside while the table of foreign words was made. */
export const heldOut: readonly ForeignLine[] = [
  ['kafka-consumer-groups.sh --describe --group billing --state', 'kt groups describe billing'],
  ['kafka-topics.sh --describe --topic orders --at-min-isr-partitions', 'kt topics describe orders --at-min-isr'],
  [
    'kafka-console-consumer.sh --topic orders --group billing --from-beginning',
    'kt tail orders --group billing --commit --from-beginning',
  ],
  [
    'kafka-acls.sh --remove --allow-principal User:Bob --operation Read --topic orders --force',
    'kt acls delete --allow-principal User:Bob --operation Read --topic orders --force',
  ],
  [
    'kafka-producer-perf-test.sh --topic orders --num-records 10 --record-size 100 --throughput -1',
    "kt produce orders --count 10 --value-template '{{text 100}}'",
  ],
  [
    'kcat -C -t orders -s value=avro -r http://registry:8081',
    'kt tail orders --from-beginning --value-format avro --registry http://registry:8081',
  ],
  ['kcat -P -t orders -p 0 -l lines.txt', 'kt produce orders --partition 0 --file lines.txt'],
  ['kcat -t orders -X security.protocol=SASL_SSL -o -10 -e', 'kt tail orders -X security.protocol=SASL_SSL --from -10 -e'],
  ['kcl topic create made -p 6 -r 1', 'kt runs topics create'],
  ['kcl group offset-delete billing -t orders', 'kt groups delete-offsets billing --topic orders'],
  ['kcl config describe -t topic orders', 'kt configs describe topic orders'],
  ['kcl client-metrics list', 'kt configs describe client-metrics'],
  ['kaf topic set-config orders retention.ms=3600000', 'kt topics alter orders --config retention.ms=3600000'],
  ['kaf groups', 'help'],
  ['kafkactl consume orders --filter-key user-* --print-keys', "kt tail orders --key '^user-' -f '%k\\t%v\\n'"],
  ['kafkactl get consumer-groups --topic orders', 'kt lag --topic orders'],
  ['kafkactl create user alice --mechanism SCRAM-SHA-512', 'kt users set alice --mechanism SCRAM-SHA-512'],
  ['rpk group seek billing --to start --topics orders', 'kt groups reset-offsets billing --to beginning --topic orders'],
  ['rpk topic produce orders -k key -z gzip', 'kt produce orders -k key --compression gzip'],
  ['kt group -group billing -topic orders -reset 1', 'kt groups reset-offsets billing --topic orders --to 1'],
];

/** The words of a line that needs no more than single quotes. */
export function shellWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|\S)+/g)].map(([word]) => word.replaceAll("'", ''));
}

/** What is typed after `kt`: the line without its tool, of Kafka's scripts with the script's noun. */
export function typedToKt(line: string): readonly string[] {
  const [tool = '', ...words] = shellWords(line);
  const script = /^kafka-(.+?)(?:\.sh)?$/.exec(tool)?.[1];
  return script ? [script, ...words] : words;
}
