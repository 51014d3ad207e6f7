/** Lines for whose job kt has no command, with what it says instead; and lines of the manuals that were put aside once more. */
import type { ForeignLine } from './foreign-lines.ts';

/** What comes closest is named. */
export const withoutCommand: readonly ForeignLine[] = [
  [
    'rpk topic analyze orders --batches 10',
    'kt does not look at batches: kt top shows the rates of topics, and kt aggregate orders --count --window 1m --from 1h -e counts records by the minute',
  ],
  [
    'kcl misc errcode 3',
    "kt has no list of error codes: its errors have Kafka's names, and kafka.apache.org/protocol lists the codes",
  ],
  ['rpk generate shell-completion bash', 'kt completion SHELL prints the script for bash, zsh, fish or powershell'],
  [
    'rpk generate prometheus-config --job-name kafka',
    'kt writes no configuration of Prometheus: kt lag --serve localhost:9308 exports the lag of groups, which it can scrape',
  ],
  ['rpk generate app', 'kt generates no code, licences or configuration; kt help -o json prints its commands as data'],
  [
    'kafkactl attach',
    'kt starts no pod: kubectl port-forward and kt --address-map ADVERTISED=localhost:PORT reach a cluster in Kubernetes',
  ],
  [
    'rpk security role assign redpanda-admin --principal red',
    'Kafka has no roles: kt acls create --allow-principal User:NAME gives rights to a user, and kt acls list shows them',
  ],
  [
    'kafka-consumer-perf-test.sh --bootstrap-server h:9092 --topic orders --messages 100000 --show-detailed-stats',
    'time kt tail orders --from-beginning -e --bootstrap-server h:9092 -n 100000 -o raw > /dev/null',
  ],
  [
    'kafka-producer-perf-test.sh --topic orders --num-records 1000 --record-size 100 --throughput 50 --producer-props bootstrap.servers=h:9092 acks=1 batch.size=65536',
    "kt produce orders --count 1000 --value-template '{{text 100}}' --rate 50/s -b h:9092 --acks 1",
  ],
  [
    'kafka-client-metrics.sh --alter --name basic --metrics org.apache.kafka.producer. --interval 30000 --match client_id=a',
    'kt configs alter client-metrics basic --config metrics=org.apache.kafka.producer. --config interval.ms=30000 --config match=client_id=a',
  ],
  [
    'kafka-client-metrics.sh --alter --name basic --interval=',
    'kt configs alter client-metrics basic --delete-config interval.ms',
  ],
  [
    'kafka-client-metrics.sh --alter --generate-name --metrics org.apache.kafka.consumer.',
    'kt configs alter client-metrics NAME --config metrics=org.apache.kafka.consumer.',
  ],
  [
    'kafka-client-metrics.sh --delete --name basic',
    'kt configs alter client-metrics basic --delete-config metrics --delete-config interval.ms --delete-config match',
  ],
  ['kafka-client-metrics.sh --describe --name basic', 'kt configs describe client-metrics basic'],
  ['kafka-client-metrics.sh --list', 'kt configs describe client-metrics'],
];

/** From the peers' manuals and examples, chosen before kt was asked. */
export const heldOutAgain: readonly ForeignLine[] = [
  ['kcl -C cicd topic list', 'kt topics list --profile cicd'],
  ['kcl consume --share-group sharing --share-ack-type release orders', 'kt tail orders --share-group sharing --ack release'],
  [
    'kcl acl create --topic logs --allow-principal User:alice --allow-host 10.0.0.1 --operation read --pattern literal',
    'kt acls create --topic logs --allow-principal User:alice --allow-host 10.0.0.1 --operation read --resource-pattern-type literal',
  ],
  ['kcl group seek billing --to +0 --yes', 'kt groups reset-offsets billing --shift 0 --execute'],
  [
    'kcl share-group seek billing --to start --topics orders,payments',
    'kt groups reset-offsets billing --to beginning --topic orders --topic payments',
  ],
  ["kcl topic list --regex 'logs\\.'", "kt topics list '/.*logs\\..*/'"],
  [
    'kcl cluster features update share.version=1 --upgrade-type safe-downgrade',
    'kt cluster features downgrade --feature share.version=1',
  ],
  ['kcl fake --seed-topic foo:10', 'kt local up; kt topics create foo --partitions 10'],
  [
    'kafkactl alter partition orders 3 -r 102,103',
    'kt partitions reassign orders --brokers 102,103 moves all partitions of the topic',
  ],
  [
    'kafkactl create topic copied --file orders.json',
    'kt topics apply FILE makes topics of YAML, which kt topics export prints; kt topics create copied --like TOPIC makes one like another',
  ],
  ['kafkactl delete offset billing --topic orders --partition 1', 'kt groups delete-offsets billing --topic orders:1'],
  [
    'kafkactl produce orders --key=dGVzdC1rZXk= --key-encoding=base64 --value=0000 --value-encoding=hex',
    'kt produce orders --key dGVzdC1rZXk= --key-encoding base64 -m 0000 --value-encoding hex',
  ],
  ['kafkactl consume orders --print-keys --print-timestamps -o yaml', 'kt tail orders -o json'],
  ['kafkactl describe topic orders --skip-empty', 'kt topics describe orders'],
  ['kafka-configs.sh --describe --topic orders', 'kt configs describe topic orders'],
  [
    'kafka-share-groups.sh --reset-offsets --group packing --topic orders --to-earliest --execute',
    'kt groups reset-offsets packing --topic orders --to beginning --execute',
  ],
  [
    'kafka-consumer-groups.sh --reset-offsets --group billing --from-file offsets.csv --execute',
    'kt groups reset-offsets billing --from-file offsets.csv --execute',
  ],
  ['kafka-groups.sh --list --group-type share', 'kt groups list --type share'],
  ['kcat -C -t orders -u -q', 'kt tail orders --from-beginning -q'],
  ['rpk group list --states Stable', 'kt groups list --state Stable'],
  ['rpk cluster txn describe-producers --topics orders --partitions 0', 'kt producers orders -p 0'],
  [
    "rpk topic consume orders --offset end --format '%p %o %k %v\\n' --num 3",
    "kt tail orders --from end -f '%p %o %k %v\\n' -n 3",
  ],
  ['kaf topics --no-headers', 'help'],
];

/** Single words, and options, that somebody tries who has read nothing. */
export const guessedWords: readonly ForeignLine[] = [
  ['kt grep foo orders', 'kt tail orders --from-beginning -e --value foo'],
  ['kt search foo orders payments', 'kt tail orders payments --from-beginning -e --value foo'],
  ['kt find', 'kt help tail shows how kt does it'],
  ['kt head orders', 'kt tail orders --from-beginning -n 10'],
  ['kt head orders -n 3', 'kt tail orders --from-beginning -n 3'],
  ['kt count orders', 'kt aggregate orders --from-beginning -e'],
  ['kt topics search ord', "kt topics list '*ord*'"],
  ['kt topics purge orders', 'kt topics delete-records orders --before end'],
  ['kt messages orders', 'kt tail orders'],
  ['kt replay billing', 'kt groups reset-offsets billing'],
  ['kt seek billing --earliest', 'kt groups reset-offsets billing --to beginning'],
  ['kt consumers', 'kt groups list'],
  ['kt size orders', 'kt cluster log-dirs --topic orders'],
  ['kt monitor', 'kt top'],
  ['kt ping', 'kt doctor'],
  ['kt up', 'kt local up'],
  ['kt stop', 'kt local down'],
  ['kt backup orders', 'kt topics export orders > topic.yaml; kt tail orders --from-beginning -e -o json > records.jsonl'],
  ['kt restore', 'kt topics apply topic.yaml; kt produce TOPIC -i json --partition-from-input --file records.jsonl'],
  ['kt subjects', 'kt schemas list'],
  ['kt groups members billing', 'kt groups describe billing'],
  ['kt tail orders --max 3', 'kt tail orders -n 3'],
  ['kt tail orders --from-latest', 'kt tail orders'],
  ['kt topics create --name orders', 'kt topics create orders'],
];

/** Lines with client properties, and of Confluent's console tools. */
export const withProperties: readonly ForeignLine[] = [
  [
    'kafka-console-producer.sh --topic orders --producer-property acks=-1 --producer-property compression.type=lz4 --producer-property linger.ms=5',
    'kt produce orders --acks all --compression lz4',
  ],
  [
    'kafka-console-producer.sh --topic orders --command-property delivery.timeout.ms=30000 --command-property client.id=loader',
    'kt produce orders --delivery-timeout 30000ms -X client.id=loader',
  ],
  [
    'kafka-console-consumer.sh --topic orders --consumer-property group.id=billing --consumer-property auto.offset.reset=earliest --consumer-property max.poll.records=10',
    'kt tail orders --group billing --commit --from-beginning',
  ],
  [
    'kafka-console-consumer.sh --topic orders --consumer-property isolation.level=read_uncommitted --consumer-property security.protocol=SSL',
    'kt tail orders --isolation read_uncommitted -X security.protocol=SSL',
  ],
  [
    'kcat -P -b h:1 -t orders -X topic.request.required.acks=1 -X topic.partitioner=murmur2_random -X queue.buffering.max.ms=5',
    'kt produce orders -b h:1 --acks 1 --partitioner java',
  ],
  [
    'kcat -C -b h:1 -t orders -X group.id=g -X isolation.level=read_committed',
    'kt tail orders --from-beginning -b h:1 --isolation read_committed',
  ],
  [
    'kcat -b h:1 -X auto.offset.reset=earliest -G billing orders',
    'kt tail orders -b h:1 --from-beginning --group billing --commit',
  ],
  [
    'kafka-avro-console-consumer --bootstrap-server h:1 --topic orders --from-beginning --property schema.registry.url=http://r:8081',
    'kt tail orders --bootstrap-server h:1 --from-beginning --value-format avro --avro-json --registry http://r:8081',
  ],
  [
    'kafka-protobuf-console-consumer --topic orders --property print.key=true',
    "kt tail orders --value-format protobuf --key-format protobuf -f '%k\\t%v\\n'",
  ],
  [
    'kafka-avro-console-consumer --topic orders --property print.key=true --key-deserializer org.apache.kafka.common.serialization.StringDeserializer',
    "kt tail orders --value-format avro --avro-json --key-format string -f '%k\\t%v\\n'",
  ],
  [
    'kafka-avro-console-producer --topic orders --property value.schema.id=5 --property schema.registry.url=http://r:8081',
    'kt produce orders --avro-json --value-schema id:5 --registry http://r:8081',
  ],
  [
    'kafka-json-schema-console-producer --topic orders --property value.schema.file=order.json --property parse.key=true',
    "kt produce orders --value-schema order.json --register -K '\\t'",
  ],
  [
    "kafka-avro-console-producer --topic orders --property value.schema='{}'",
    'kt produce orders --avro-json --value-schema ./value.avsc --register',
  ],
  ['kafka-avro-console-producer --topic orders', 'kt help produce shows how kt does it'],
];

/** Verbs after a noun of kt's, and options, by their commonest names elsewhere. */
export const verbsAndOptions: readonly ForeignLine[] = [
  [
    'kt acls add --allow-principal User:bob --operation read --topic orders',
    'kt acls create --allow-principal User:bob --operation read --topic orders',
  ],
  ['kt users add bob', 'kt users set bob'],
  ['kt users passwd bob', 'kt users set bob'],
  ['kt configs get topic orders', 'kt configs describe topic orders'],
  ['kt configs set topic orders --config retention.ms=5', 'kt configs alter topic orders --config retention.ms=5'],
  ['kt schemas show orders-value', 'kt schemas get orders-value'],
  ['kt schemas versions orders-value', 'kt schemas list orders-value'],
  ['kt schemas add orders-value -f order.avsc', 'kt schemas register orders-value -f order.avsc'],
  ['kt profile switch prod', 'kt profile use prod'],
  ['kt tokens remove abc', 'kt tokens expire abc'],
  ['kt topics config orders', 'kt configs describe topic orders'],
  ['kt lag -g billing', 'kt lag billing'],
  ['kt lag billing --threshold 5', 'kt lag billing --max-lag 5'],
  ['kt tail orders --start earliest', 'kt tail orders --from beginning'],
  ['kt tail orders --begin --no-follow', 'kt tail orders --from-beginning -e'],
  ['kt tail orders --keys', "kt tail orders -f '%k\\t%v\\n'"],
  ['kt tail orders --avro --pretty', 'kt tail orders --value-format avro -o pretty'],
  ['kt produce orders -f records.txt', 'kt produce orders --file records.txt'],
];

/** What only shows something is never answered with what does it. */
export const plansOnly: readonly ForeignLine[] = [
  [
    'kt groups reset-offsets billing --topic orders --to end --execute --dry-run',
    'kt groups reset-offsets billing --topic orders --to end',
  ],
  [
    'kafka-consumer-groups.sh --dry-run --execute --reset-offsets --group billing --topic orders --to-latest',
    'kt groups reset-offsets billing --topic orders --to end',
  ],
];

/** Times that the other tool reads in UTC, or in seconds, and kt in the machine's zone and in milliseconds. */
export const foreignTimes: readonly ForeignLine[] = [
  [
    'kafka-consumer-groups.sh --reset-offsets --group g --topic orders --to-datetime 2026-01-31T00:00:00.000+01:00',
    'kt groups reset-offsets g --topic orders --to @2026-01-31T00:00:00.000+01:00',
  ],
  ['rpk topic consume orders -o @1622505600:end', 'kt tail orders --from @1622505600000 -e'],
  ['rpk topic consume orders -o @1622505600000', 'kt tail orders --from @1622505600000'],
  ['rpk topic consume orders -o @2022-02-14:1h', 'kt help tail shows how kt does it'],
  ['kafkactl consume orders --from-timestamp 2014-04-26', 'kt tail orders --from @2014-04-26'],
  ['kafka-get-offsets.sh --topic orders --time 1622505600', 'kt help topics offsets shows how kt does it'],
];
