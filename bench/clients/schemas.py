# Reads a topic from the beginning with confluent-kafka's deserializers, and prints each value as JSON: SERVERS REGISTRY TOPIC COUNT FORMAT SCHEMA-FILE
import json
import os
import sys
import tempfile
import uuid
from confluent_kafka import Consumer, OFFSET_BEGINNING, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

servers, registry, topic, count, format, schema = sys.argv[1:]


def generated(path, name):
    """The class that protoc generates, as programs have it."""
    from grpc_tools import protoc
    with tempfile.TemporaryDirectory() as folder:
        protoc.main(['protoc', f'-I{os.path.dirname(path)}', f'--python_out={folder}', path])
        sys.path.insert(0, folder)
        return getattr(__import__(os.path.basename(path).replace('.proto', '_pb2')), name)


if format == 'protobuf':
    from google.protobuf.json_format import MessageToJson
    deserialize = ProtobufDeserializer(generated(schema, 'Order'), {'use.deprecated.format': False})
    text = lambda value: MessageToJson(value, indent=None, always_print_fields_with_no_presence=True)
else:
    client = SchemaRegistryClient({'url': registry})
    content = open(schema).read()
    deserialize = AvroDeserializer(client, content) if format == 'avro' else JSONDeserializer(content, schema_registry_client=client)
    text = lambda value: json.dumps(value, default=str)

consumer = Consumer({'bootstrap.servers': servers, 'group.id': str(uuid.uuid4()), 'enable.auto.commit': False, 'fetch.wait.max.ms': 10})
partitions = consumer.list_topics(topic).topics[topic].partitions
consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
context = SerializationContext(topic, MessageField.VALUE)
left = int(count)
while left > 0:
    messages = consumer.consume(10_000, 1)
    left -= len(messages)
    sys.stdout.writelines(text(deserialize(message.value(), context)) + '\n' for message in messages)
