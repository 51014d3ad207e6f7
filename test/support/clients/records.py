# librdkafka (confluent-kafka) for tests: writes and reads records as lines, in the format that foreign-records.ts describes.
import base64
import sys
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition, OFFSET_BEGINNING


def decoded(text):
    return None if text == '-' else base64.b64decode(text)


def encoded(data):
    return '-' if data is None else base64.b64encode(data).decode()


def headers_of(text):
    pairs = [each.split(':') for each in text.split(',')] if text else []
    return [(decoded(name).decode(), decoded(value)) for name, value in pairs]


def failed(error, _message):
    if error and error.code() not in (KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT):
        sys.exit(str(error))


def write(servers, topic):
    producer = None
    for line in sys.stdin:
        words = line.rstrip('\n').split('\t')
        if words[0] == 'producer':
            if producer:
                producer.flush()
            settings = {'bootstrap.servers': servers, 'compression.type': words[1], 'enable.idempotence': True, 'message.max.bytes': 1 << 23}
            if words[2] != '-':
                settings['transactional.id'] = words[2]
            producer = Producer(settings)
            if words[2] != '-':
                producer.init_transactions()
        elif words[0] == 'begin':
            producer.begin_transaction()
        elif words[0] == 'flush':
            producer.flush()
        elif words[0] == 'commit':
            producer.commit_transaction()
        elif words[0] == 'abort':
            producer.flush()
            producer.abort_transaction()
        else:
            partition, timestamp, key, value, headers = words
            while True:
                try:
                    producer.produce(topic, partition=int(partition), timestamp=int(timestamp), key=decoded(key), value=decoded(value), headers=headers_of(headers), on_delivery=failed)
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
    if producer and producer.flush(30) > 0:
        sys.exit('not everything was delivered')


def read(servers, topic, isolation):
    consumer = Consumer({'bootstrap.servers': servers, 'group.id': 'unused', 'enable.auto.commit': False, 'isolation.level': isolation, 'enable.partition.eof': True, 'check.crcs': True})
    left = set(consumer.list_topics(topic).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in left])
    while left:
        m = consumer.poll(20)
        if m is None:
            sys.exit('nothing came')
        if m.error() and m.error().code() == KafkaError._PARTITION_EOF:
            left.discard(m.partition())
        elif m.error():
            sys.exit(str(m.error()))
        else:
            headers = ','.join(f'{encoded(name.encode())}:{encoded(value)}' for name, value in m.headers() or [])
            sys.stdout.write(f'{m.partition()}\t{m.offset()}\t{m.timestamp()[1]}\t{encoded(m.key())}\t{encoded(m.value())}\t{headers}\n')


{'write': write, 'read': read}[sys.argv[1]](*sys.argv[2:])
