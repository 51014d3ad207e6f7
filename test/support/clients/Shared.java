// Runs the main methods of many Java programs in one JVM, side by side: starting a JVM for each would take most of their time.
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Exit;

public class Shared {
    /** One run of a main method. Threads that it starts belong to it. */
    static final class Run {
        final OutputStream out;
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final List<Runnable> hooks = new CopyOnWriteArrayList<>();
        final InputStream in;
        Integer code;

        Run(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }
    }

    /** What exit() throws instead of ending the JVM. */
    static final class Ended extends Error {
        Ended() {
            super("the program ended itself", null, false, false);
        }
    }

    static final InheritableThreadLocal<Run> current = new InheritableThreadLocal<>();
    static final AtomicInteger running = new AtomicInteger();

    /** Serves until nobody has asked for anything for so many milliseconds; writes its port into the file. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        divertStreams();
        divertExit();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(Integer.parseInt(args[1]));
            Path draft = Path.of(args[0] + ".new");
            Files.writeString(draft, String.valueOf(server.getLocalPort()));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            while (true) {
                try {
                    Socket socket = server.accept();
                    running.incrementAndGet();
                    new Thread(() -> serve(socket)).start();
                } catch (SocketTimeoutException idle) {
                    if (running.get() == 0) break;
                }
            }
            Files.deleteIfExists(file);
        }
        System.exit(0);
    }

    /** Reads how many words there are, and the words, main class first. No words at all end the JVM; a negative number asks for a process. */
    static void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int count = in.readInt();
            if (count == 0) Runtime.getRuntime().halt(0);
            String[] words = new String[Math.abs(count)];
            for (int index = 0; index < words.length; index++) words[index] = new String(bytes(in), StandardCharsets.UTF_8);
            if (count > 0) answer(words, in, new DataOutputStream(socket.getOutputStream()));
            else live(words, in, socket.getOutputStream());
        } catch (IOException gone) {
            // Whoever asked is not there any more.
        } finally {
            running.decrementAndGet();
        }
    }

    /** Gives the program stdin; answers with the exit code, stdout and stderr. */
    static void answer(String[] words, InputStream in, DataOutputStream out) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Run run = new Run(in, printed);
        out.writeInt(run(run, words));
        for (ByteArrayOutputStream each : List.of(printed, run.err)) {
            out.writeInt(each.size());
            each.writeTo(out);
        }
        out.flush();
    }

    /** Passes stdout on as it comes. The end of the input is to the program what SIGTERM is to a process: its shutdown hooks run. */
    static void live(String[] words, InputStream in, OutputStream out) {
        Run run = new Run(InputStream.nullInputStream(), out);
        new Thread(() -> {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException gone) {
                // Then it ends too.
            }
            for (Runnable hook : run.hooks) hook.run();
        }).start();
        run(run, words);
    }

    static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    static int run(Run run, String[] words) {
        int code = 0;
        current.set(run);
        try {
            String[] args = Arrays.copyOfRange(words, 1, words.length);
            Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (Throwable thrown) {
            Throwable cause = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
            if (!(cause instanceof Ended)) {
                code = 1;
                if (run.code == null) cause.printStackTrace();
            }
        }
        for (Runnable hook : run.hooks) hook.run();
        System.out.flush();
        System.err.flush();
        current.remove();
        return run.code != null ? run.code : code;
    }

    /** Kafka's tools end themselves through Exit; some catch what that throws and exit again, but the first code counts. */
    static void divertExit() {
        Exit.Procedure end = (code, message) -> {
            Run run = current.get();
            if (run != null && run.code == null) run.code = code;
            throw new Ended();
        };
        Exit.setExitProcedure(end);
        Exit.setHaltProcedure(end);
        Exit.setShutdownHookAdder((name, hook) -> {
            Run run = current.get();
            if (run != null) run.hooks.add(hook);
        });
    }

    static void divertStreams() {
        PrintStream[] real = {System.out, System.err};
        System.setOut(new PrintStream(new Diverted(real[0], false), true));
        System.setErr(new PrintStream(new Diverted(real[1], true), true));
        System.setIn(new InputStream() {
            @Override
            public int read() throws IOException {
                return current.get().in.read();
            }

            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                return current.get().in.read(into, at, length);
            }
        });
    }

    /** Gives what is printed to the run that prints it. Whoever does not listen any more is no fault of the stream, which all share. */
    static final class Diverted extends OutputStream {
        final PrintStream real;
        final boolean isErr;

        Diverted(PrintStream real, boolean isErr) {
            this.real = real;
            this.isErr = isErr;
        }

        OutputStream target() {
            Run run = current.get();
            return run == null ? real : isErr ? run.err : run.out;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int at, int length) {
            try {
                target().write(bytes, at, length);
            } catch (IOException gone) {
                // See above.
            }
        }
    }
}
