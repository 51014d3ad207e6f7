# confluent-kafka's serializers and deserializers, for tests: `write` and `read` take a JSON text that schema-clients.ts describes.
import importlib
import json
import os
import sys
import tempfile
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition, OFFSET_BEGINNING
from confluent_kafka.schema_registry import (
    Schema, SchemaReference, SchemaRegistryClient, header_schema_id_serializer,
    record_subject_name_strategy, topic_record_subject_name_strategy, topic_subject_name_strategy)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_tools import protoc

strategies = {'topic': topic_subject_name_strategy, 'record': record_subject_name_strategy, 'topic-record': topic_record_subject_name_strategy}
modules = ('datetime', 'decimal', 'uuid')


def message_class(files, name):
    """The class of a message of .proto texts, by protoc."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            with open(os.path.join(folder, path), 'w') as file:
                file.write(text)
        well_known = os.path.join(os.path.dirname(protoc.__file__), '_proto')
        output = os.path.join(folder, 'set')
        if protoc.main(['protoc', f'-I{folder}', f'-I{well_known}', '--include_imports', f'--descriptor_set_out={output}', *files]) != 0:
            sys.exit('protoc failed')
        with open(output, 'rb') as file:
            compiled = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for each in compiled.file:
        pool.Add(each)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def schema_of(field, kind):
    if not field.get('references'):
        return field['schema']
    return Schema(field['schema'], kind, [SchemaReference(**each) for each in field['references']])


def serialized(registry, topic, place, field, headers):
    if field is None:
        return None
    conf = {'subject.name.strategy': strategies[field.get('strategy', 'topic')], 'auto.register.schemas': field.get('registers', True)}
    if not field.get('registers', True):
        conf['use.latest.version'] = True
    if field.get('framing') == 'header':
        conf['schema.id.serializer'] = header_schema_id_serializer
    value = eval(field['python'], {name: importlib.import_module(name) for name in modules})
    if field['format'] == 'avro':
        serializer = AvroSerializer(registry, schema_of(field, 'AVRO'), conf=conf)
    elif field['format'] == 'json-schema':
        serializer = JSONSerializer(schema_of(field, 'JSON'), registry, conf=conf)
    else:
        message = message_class(field['files'], field['message'])
        value = None if value is None else json_format.ParseDict(value, message())
        serializer = ProtobufSerializer(message, registry, {**conf, 'use.deprecated.format': False})
    return serializer(value, SerializationContext(topic, place, headers))


def write(registry, task):
    producer = Producer({'bootstrap.servers': task['servers']})
    errors = []
    for record in task['records']:
        headers = []
        key = serialized(registry, record['topic'], MessageField.KEY, record['key'], headers)
        value = serialized(registry, record['topic'], MessageField.VALUE, record['value'], headers)
        producer.produce(record['topic'], key=key, value=value, headers=headers, partition=0, on_delivery=lambda error, _: error and errors.append(error))
    if producer.flush(30) > 0 or errors:
        sys.exit(f'not everything was delivered: {errors}')


def deserializer(registry, field):
    if field['format'] == 'avro':
        return AvroDeserializer(registry, field.get('schema'))
    if field['format'] == 'json-schema':
        return JSONDeserializer(field['schema'], schema_registry_client=registry)
    # With a registry it needs a compiled schema, and Apicurio gives what was registered as text only as text.
    of_registry = None if field.get('isText') else registry
    to_message = ProtobufDeserializer(message_class(field['files'], field['message']), {'use.deprecated.format': False}, of_registry)

    def to_dict(data, context):
        message = to_message(data, context)
        return None if message is None else json_format.MessageToDict(message)
    return to_dict


def read(registry, task):
    consumer = Consumer({'bootstrap.servers': task['servers'], 'group.id': 'unused', 'enable.auto.commit': False, 'enable.partition.eof': True})
    consumer.assign([TopicPartition(task['topic'], 0, OFFSET_BEGINNING)])
    fields = {'key': (MessageField.KEY, deserializer(registry, task['key'])), 'value': (MessageField.VALUE, deserializer(registry, task['value']))}
    records = []
    while True:
        m = consumer.poll(20)
        if m is None:
            sys.exit('nothing came')
        if m.error() and m.error().code() == KafkaError._PARTITION_EOF:
            break
        if m.error():
            sys.exit(str(m.error()))
        record = {}
        for name, (place, read_field) in fields.items():
            data = m.key() if name == 'key' else m.value()
            record[name] = read_field(data, SerializationContext(task['topic'], place, m.headers()))
        records.append(record)
    json.dump(records, sys.stdout, default=repr)


task = json.load(sys.stdin)
{'write': write, 'read': read}[sys.argv[1]](SchemaRegistryClient({'url': task['registry']}), task)
