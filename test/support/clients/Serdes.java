// Apicurio's serializers and deserializers, as tests run them: write|read SERVERS REGISTRY AVRO PROTOBUF JSON (topics).
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.type.Money;
import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.serde.jsonschema.JsonSchemaKafkaDeserializer;
import io.apicurio.registry.serde.jsonschema.JsonSchemaKafkaSerializer;
import io.apicurio.registry.serde.protobuf.ProtobufKafkaSerializer;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

public class Serdes {
    static final Map<String, Map<String, Object>> framings = Map.of(
        "headers", Map.of(),
        "long", Map.of("apicurio.registry.headers.enabled", false),
        "confluent", Map.of("apicurio.registry.headers.enabled", false, "apicurio.registry.as-confluent", true, "apicurio.registry.use-id", "contentId"));

    static Map<String, Object> settings(String registry, String framing) {
        Map<String, Object> settings = new HashMap<>(framings.get(framing));
        settings.put("apicurio.registry.url", registry);
        settings.put("apicurio.registry.auto-register", true);
        return settings;
    }

    public static void main(String[] args) throws Exception {
        String servers = args[1];
        if (args[0].equals("write")) write(servers, args[2], args[3], args[4], args[5]);
        else read(servers, args[2], args[3], args[5]);
    }

    static void write(String servers, String registry, String avro, String protobuf, String json) throws Exception {
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String framing : List.of("headers", "long", "confluent")) {
                Map<String, Object> settings = settings(registry, framing);
                send(producer, avro, new AvroKafkaSerializer<Object>(), settings, order());
                if (!framing.equals("confluent")) {
                    send(producer, protobuf, new ProtobufKafkaSerializer<Money>(), settings,
                        Money.newBuilder().setCurrencyCode("EUR").setUnits(9007199254740993L).setNanos(5).build());
                }
                Map<String, Object> found = new HashMap<>(settings);
                found.put("apicurio.registry.auto-register", false);
                found.put("apicurio.registry.find-latest", true);
                send(producer, json, new JsonSchemaKafkaSerializer<JsonNode>(), found, new ObjectMapper().readTree("{\"id\":9007199254740993,\"name\":\"é\"}"));
            }
        }
    }

    static GenericRecord order() {
        Schema schema = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":["
            + "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"},{\"name\":\"tags\",\"type\":{\"type\":\"map\",\"values\":\"int\"}},"
            + "{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"Kind\",\"symbols\":[\"A\",\"B\"]}},{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null},"
            + "{\"name\":\"amount\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}}]}");
        GenericRecord order = new GenericData.Record(schema);
        order.put("id", 9007199254740993L);
        order.put("name", "é");
        order.put("tags", Map.of("a", 1));
        order.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "B"));
        order.put("amount", ByteBuffer.wrap(new BigDecimal("-123.45").unscaledValue().toByteArray()));
        return order;
    }

    static <T> void send(KafkaProducer<byte[], byte[]> producer, String topic, Serializer<T> serializer, Map<String, Object> settings, T value) throws Exception {
        serializer.configure(settings, false);
        RecordHeaders headers = new RecordHeaders();
        byte[] bytes = serializer.serialize(topic, headers, value);
        producer.send(new ProducerRecord<>(topic, 0, null, null, bytes, headers)).get();
        serializer.close();
    }

    // Prints each record's value in a line: they have 4-byte ids in front, with which Protobuf's deserializer wants something of its own.
    static void read(String servers, String registry, String avro, String json) throws Exception {
        Map<String, Deserializer<?>> deserializers = Map.of(avro, new AvroKafkaDeserializer<>(), json, new JsonSchemaKafkaDeserializer<JsonNode>());
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (String topic : List.of(avro, json)) {
                Deserializer<?> deserializer = deserializers.get(topic);
                deserializer.configure(settings(registry, "confluent"), false);
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    for (var record : consumer.poll(Duration.ofSeconds(1))) {
                        System.out.println(deserializer.deserialize(topic, record.headers(), record.value()));
                    }
                }
            }
        }
    }
}
