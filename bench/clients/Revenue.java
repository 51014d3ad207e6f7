// Orders and revenue by category and minute with Kafka Streams, exactly once: running results, of which the last of each window is right.
// It ends when all orders are counted that were there when it began.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;

public class Revenue {
    record Sales(long count, double revenue) {
        Sales with(double total) {
            return new Sales(count + 1, revenue + total);
        }
    }

    static final ObjectMapper JSON = new ObjectMapper();
    static final Serde<Sales> SALES = Serdes.serdeFrom(
        (topic, sales) -> sales == null ? null : ByteBuffer.allocate(16).putLong(sales.count()).putDouble(sales.revenue()).array(),
        (topic, bytes) -> bytes == null ? null : new Sales(ByteBuffer.wrap(bytes).getLong(), ByteBuffer.wrap(bytes).getDouble(8)));

    public static void main(String[] args) throws Exception {
        String servers = args[0];
        String orders = args[1];
        String results = args[2];
        long all = endOf(servers, orders);
        AtomicLong counted = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(orders, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
            .map((key, value) -> totalByCategory(value))
            .groupByKey(Grouped.with(Serdes.String(), Serdes.Double()))
            // Of a replay some partitions are read faster than others: with a short grace most of the rest would be late.
            .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofDays(1)))
            .aggregate(() -> new Sales(0, 0), (category, total, sales) -> {
                if (counted.incrementAndGet() == all) done.countDown();
                return sales.with(total);
            }, Materialized.with(Serdes.String(), SALES))
            .toStream()
            .map((window, sales) -> KeyValue.pair(window.key(), JSON.createObjectNode()
                .put("windowStart", window.window().start())
                .put("windowEnd", window.window().end())
                .put("key", window.key())
                .put("count", sales.count())
                .put("revenue", sales.revenue())
                .toString()))
            .to(results, Produced.with(Serdes.String(), Serdes.String()));

        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("application.id", results);
        settings.put("state.dir", args[3]);
        settings.put("processing.guarantee", "exactly_once_v2");
        settings.put("auto.offset.reset", "earliest");
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        streams.start();
        done.await();
        // Commits what it has.
        streams.close();
    }

    static KeyValue<String, Double> totalByCategory(byte[] value) {
        try {
            JsonNode order = JSON.readTree(value);
            return KeyValue.pair(order.get("category").asText(), order.get("total").asDouble());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    static long endOf(String servers, String topic) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", servers);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(each -> new TopicPartition(topic, each.partition())).toList();
            return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
