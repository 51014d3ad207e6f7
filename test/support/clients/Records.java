// Kafka's Java client for tests: writes and reads records as lines, in the format that foreign-records.ts describes.
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class Records {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) write(args[1], args[2]);
        else read(args[1], args[2], args[3]);
    }

    static void write(String servers, String topic) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII), 1 << 20);
        KafkaProducer<byte[], byte[]> producer = null;
        List<Future<?>> sent = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "producer":
                    if (producer != null) producer.close();
                    producer = new KafkaProducer<>(settings(servers, words[1], words[2]), new ByteArraySerializer(), new ByteArraySerializer());
                    if (!words[2].equals("-")) producer.initTransactions();
                    break;
                case "begin": producer.beginTransaction(); break;
                case "flush": producer.flush(); break;
                case "commit": producer.commitTransaction(); break;
                case "abort": producer.flush(); producer.abortTransaction(); break;
                default:
                    sent.add(producer.send(new ProducerRecord<>(
                        topic, Integer.valueOf(words[0]), Long.valueOf(words[1]), bytes(words[2]), bytes(words[3]), headers(words[4]))));
            }
        }
        if (producer != null) producer.close();
        for (Future<?> each : sent) each.get();
    }

    static Map<String, Object> settings(String servers, String codec, String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("compression.type", codec);
        settings.put("max.request.size", 1 << 23);
        settings.put("linger.ms", 20);
        if (!transactionalId.equals("-")) settings.put("transactional.id", transactionalId);
        return settings;
    }

    static void read(String servers, String topic, String isolation) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "isolation.level", isolation, "enable.auto.commit", false);
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.US_ASCII), 1 << 20);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) partitions.add(new TopicPartition(topic, info.partition()));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    StringBuilder headers = new StringBuilder();
                    for (Header header : record.headers()) {
                        if (headers.length() > 0) headers.append(',');
                        headers.append(text(header.key().getBytes(StandardCharsets.UTF_8))).append(':').append(text(header.value()));
                    }
                    out.write(record.partition() + "\t" + record.offset() + "\t" + record.timestamp() + "\t" + text(record.key()) + "\t"
                        + text(record.value()) + "\t" + headers + "\n");
                }
            }
        }
        out.flush();
    }

    static byte[] bytes(String text) {
        return text.equals("-") ? null : Base64.getDecoder().decode(text);
    }

    static String text(byte[] bytes) {
        return bytes == null ? "-" : Base64.getEncoder().encodeToString(bytes);
    }

    static List<Header> headers(String text) {
        List<Header> headers = new ArrayList<>();
        if (text.isEmpty()) return headers;
        for (String each : text.split(",")) {
            String[] pair = each.split(":", -1);
            headers.add(new RecordHeader(new String(bytes(pair[0]), StandardCharsets.UTF_8), bytes(pair[1])));
        }
        return headers;
    }
}
