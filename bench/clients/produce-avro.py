# Writes lines of JSON as Avro with confluent-kafka's serializer, acks=all and idempotent: SERVERS REGISTRY TOPIC SCHEMA-FILE < LINES
import json
import sys
from datetime import datetime
from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

servers, registry, topic, schema = sys.argv[1:]


def failed(error, _message):
    if error:
        sys.exit(str(error))


# From text, as JSON has no times.
read = lambda order, _context: {**order, 'at': datetime.fromisoformat(order['at'].replace('Z', '+00:00'))}
serialize = AvroSerializer(SchemaRegistryClient({'url': registry}), open(schema).read(), read)
context = SerializationContext(topic, MessageField.VALUE)
producer = Producer({'bootstrap.servers': servers, 'enable.idempotence': True, 'linger.ms': 5})
for line in sys.stdin:
    value = serialize(json.loads(line), context)
    while True:
        try:
            producer.produce(topic, value=value, on_delivery=failed)
            break
        except BufferError:
            producer.poll(0.1)
    producer.poll(0)
if producer.flush(60) > 0:
    sys.exit('not everything was delivered')
