package dev.troth.bench.rows;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Rows of PostgreSQL to a webhook: Troth and Debezium's embedded engine, one after the other. */
public final class RowsBench {
  private static final int ROWS_A_TRANSACTION = 5;
  private static final Duration DRAIN = Duration.ofSeconds(15);

  private final Path troth;
  private final int rate;
  private final int seconds;
  private final int burst;
  private final Path folder;
  private final EmbeddedPostgres database;
  private int written;
  private final long[] committed;

  private RowsBench(Path troth, int rate, int seconds, int burst) throws IOException {
    this.troth = troth;
    this.rate = rate;
    this.seconds = seconds;
    this.burst = burst;
    this.folder = Files.createTempDirectory("rows-bench");
    this.committed = new long[rate * (seconds + 2) + burst + 20_000];
    this.database =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("pg"))
            .setPGStartupWait(Duration.ofMinutes(1))
            .setServerConfig("wal_level", "logical")
            .setServerConfig("synchronous_commit", "on")
            .start();
  }

  /** What one side did; times in milliseconds. */
  private record Result(
      String name, double mean, double p99, int late, double greatest, int missing, int again) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: commit to receipt mean %.1f ms, p99 %.1f ms (%d of those never came);"
              + " greatest %.0f changes/s (%d never came, %d came again)",
          name,
          mean,
          p99,
          late,
          greatest,
          missing,
          again);
    }
  }

  /** Arguments: the launcher, changes a second, seconds, changes of the burst. */
  public static void main(String[] args) throws Exception {
    RowsBench bench =
        new RowsBench(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]));
    try {
      bench.run();
    } finally {
      bench.database.close();
    }
  }

  private void run() throws Exception {
    Result debezium = side("debezium");
    Result ours = side("troth");
    System.out.printf(
        Locale.ROOT,
        "%nRatios%ngreatest changes/s, Troth / Debezium: %.2f%nmean, Troth / Debezium: %.2f%n",
        ours.greatest() / debezium.greatest(),
        ours.mean() / debezium.mean());
    figure("rows.rate", ours.greatest(), debezium.greatest(), "/s");
    figure("rows.mean", ours.mean(), debezium.mean(), "ms");
    figure("rows.p99", ours.p99(), debezium.p99(), "ms");
  }

  /** A line for bench/all, where it asks for one. */
  private static void figure(String key, double ours, double peer, String unit)
      throws IOException {
    String file = System.getenv("BENCH_FIGURES");
    if (file != null) {
      String name = "Debezium " + System.getProperty("debezium.version");
      Files.writeString(
          Path.of(file),
          String.join("\t", key, "" + ours, "" + peer, unit, name, "-") + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.getJdbcUrl("postgres", "postgres"));
  }

  private Result side(String name) throws Exception {
    try (Connection connection = connect();
        Receiver receiver = new Receiver(committed.length)) {
      connection
          .createStatement()
          .execute(
              "DROP TABLE IF EXISTS item; CREATE TABLE item (nr INT PRIMARY KEY, body TEXT NOT NULL)");
      written = 0;
      Process process = name.equals("troth") ? troth(receiver) : debezium(receiver);
      try {
        until("the first row of " + name, Duration.ofSeconds(60), () -> {
          write(connection, 1, 0);
          return receiver.rows() > 0;
        });
        write(connection, 2_000, 1_000);
        settle(receiver);

        int first = written;
        write(connection, rate * seconds, rate);
        settle(receiver);
        double[] times = new double[written - first];
        int late = 0;
        for (int i = 0; i < times.length; i++) {
          long came = receiver.at(first + i);
          late += came == 0 ? 1 : 0;
          times[i] = came == 0 ? Double.NaN : Math.max(0, came - committed[first + i]) / 1e6;
        }
        double[] told = Arrays.stream(times).filter(time -> !Double.isNaN(time)).sorted().toArray();

        int before = receiver.rows();
        long begin = System.nanoTime();
        write(connection, burst, 0);
        settle(receiver);
        long last = begin;
        int came = receiver.rows() - before;
        for (int i = written - burst; i < written; i++) {
          last = Math.max(last, receiver.at(i));
        }
        Result result =
            new Result(
                name,
                Arrays.stream(told).average().orElse(Double.NaN),
                told.length == 0 ? Double.NaN : told[(int) (told.length * 0.99)],
                late,
                came / ((last - begin) / 1e9),
                burst - came,
                receiver.again());
        System.out.println(result);
        return result;
      } finally {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    }
  }

  /** Inserts rows at a rate, or as fast as they go for 0; notes when each was committed. */
  private void write(Connection connection, int rows, int rateNow) throws SQLException {
    connection.setAutoCommit(false);
    long begin = System.nanoTime();
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO item VALUES (?, 'a row of some length')")) {
      for (int done = 0; done < rows; ) {
        int many = Math.min(ROWS_A_TRANSACTION, rows - done);
        for (int i = 0; i < many; i++) {
          insert.setInt(1, written + i);
          insert.addBatch();
        }
        int[] _ = insert.executeBatch();
        connection.commit();
        long now = System.nanoTime();
        Arrays.fill(committed, written, written + many, now);
        written += many;
        done += many;
        if (rateNow > 0) {
          LockSupport.parkNanos(begin + done * 1_000_000_000L / rateNow - System.nanoTime());
        }
      }
    }
    connection.setAutoCommit(true);
  }

  /** Waits until all that was written has come, or nothing more does for a while. */
  private void settle(Receiver receiver) throws InterruptedException {
    int seen = receiver.rows();
    long end = System.nanoTime() + DRAIN.toNanos();
    long still = System.nanoTime();
    while (receiver.rows() < written && System.nanoTime() < end) {
      Thread.sleep(5);
      if (receiver.rows() != seen) {
        seen = receiver.rows();
        still = System.nanoTime();
      }
      if (System.nanoTime() - still > 5_000_000_000L) {
        return;
      }
    }
  }

  private Process debezium(Receiver receiver) throws IOException {
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            DebeziumSide.class.getName(),
            Integer.toString(database.getPort()),
            receiver.address(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("debezium.log").toFile())
        .start();
  }

  private Process troth(Receiver receiver) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                List.of(
                    troth.toString(),
                    "up",
                    "--data",
                    folder.resolve("data").toString(),
                    "--http-listen",
                    Integer.toString(port),
                    "--otlp-http",
                    "off",
                    "--otlp-grpc",
                    "off",
                    "--watch-webhooks-allow",
                    "127.0.0.1/32"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("troth.log").toFile())
            .start();
    until("troth up", Duration.ofMinutes(5), () ->
        Files.readString(folder.resolve("troth.log")).contains("ready"));
    String base = "http://127.0.0.1:" + port;
    post(
        base + "/api/endpoints",
        "{\"user\":\"ann\",\"channel\":\"webhook\",\"address\":\"%s\"}"
            .formatted(receiver.address()));
    post(
        base + "/api/sources",
        "{\"name\":\"items\",\"kind\":\"postgresql\",\"url\":\"postgresql://postgres@127.0.0.1:%d/postgres\",\"rows\":{\"tables\":[\"public.item\"]}}"
            .formatted(database.getPort()));
    post(
        base + "/api/watches",
        "{\"user\":\"ann\",\"target\":\"table/public.item/*\",\"channels\":[\"webhook\"]}");
    return process;
  }

  private static void post(String address, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(address + ": " + response.statusCode() + " " + response.body());
    }
  }

  /** Something that may hold later. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(String what, Duration longest, Condition condition) throws Exception {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(what + " took longer than " + longest.toSeconds() + " s");
      }
      Thread.sleep(200);
    }
  }
}
