// A Kafka Streams application for tests, with two members: it reads a topic, spreads its records over a repartition topic, and reads that.
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Repartitioned;

public class Streams {
    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("group.protocol", args[1]);
        settings.put("application.id", args[2]);
        settings.put("state.dir", args[4]);
        settings.put("num.stream.threads", "2");
        settings.put("commit.interval.ms", "200");
        // In the classic protocol a stopped member stays in the group until its session ends.
        if (args[1].equals("classic")) {
            settings.put("session.timeout.ms", "3000");
            settings.put("heartbeat.interval.ms", "500");
        }
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(args[3], Consumed.with(Serdes.Bytes(), Serdes.Bytes()))
            .repartition(Repartitioned.with(Serdes.Bytes(), Serdes.Bytes()).withName("spread").withNumberOfPartitions(2))
            .foreach((key, value) -> {});
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close();
            stopped.countDown();
        }));
        streams.start();
        stopped.await();
    }
}
