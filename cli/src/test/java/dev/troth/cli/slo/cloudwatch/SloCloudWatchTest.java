package dev.troth.cli.slo.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.cli.slo.cloudwatch.CloudWatchDouble.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backtests over a CloudWatch that keeps the month of the serverless example. */
final class SloCloudWatchTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("troth.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("examples/serverless");

  /** The hours of the month with its first incidents. */
  private static final int MINUTES = 3 * 1440;

  @TempDir Path folder;

  private final Map<String, String> before = new HashMap<>();
  private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
  private CloudWatchDouble cloud;

  @BeforeEach
  void start() throws IOException {
    cloud = new CloudWatchDouble();
    set("aws.accessKeyId", "AKIDEXAMPLE");
    set("aws.secretAccessKey", "secret");
    set("aws.disableEc2Metadata", "true");
    set("aws.maxAttempts", "3");
    set("aws.sharedCredentialsFile", folder.resolve("credentials").toString());
    set("aws.configFile", folder.resolve("config").toString());
  }

  @AfterEach
  void stop() {
    cloud.close();
    before.forEach(SloCloudWatchTest::restore);
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, String.valueOf(System.getProperty(name)));
    System.setProperty(name, value);
  }

  private void unset(String name) {
    before.putIfAbsent(name, String.valueOf(System.getProperty(name)));
    System.clearProperty(name);
  }

  private static void restore(String name, String value) {
    if (value.equals("null")) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(EXAMPLE.resolve(name)));
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /**
   * Some minutes of the month as if they had begun then: in the cloud, and as a file of metrics.
   */
  private Path month(Instant start, int skipped, int minutes) throws IOException {
    List<String> all = lines("metrics.csv.gz");
    List<String> file = new ArrayList<>(List.of(all.getFirst()));
    String[] names = all.getFirst().split(",");
    for (int i = 0; i < minutes; i++) {
      String[] fields = all.get(1 + skipped + i).split(",", -1);
      Instant at = start.plusSeconds(60L * i);
      for (int column = 1; column < names.length; column++) {
        if (!fields[column].isEmpty()) {
          cloud.put(names[column], at, Double.parseDouble(fields[column]));
        }
      }
      fields[0] = at.toString();
      file.add(String.join(",", fields));
    }
    return Files.write(folder.resolve("metrics.csv"), file);
  }

  /** The first minute of the month in which requests are refused, less half a day. */
  private static int beforeTheFirstIncident() throws IOException {
    String start =
        Files.readAllLines(EXAMPLE.resolve("incidents.csv")).stream()
            .filter(line -> !line.startsWith("#"))
            .findFirst()
            .orElseThrow()
            .split(",")[0];
    Instant first = Instant.parse(lines("metrics.csv.gz").get(1).split(",")[0]);
    return Math.toIntExact(Duration.between(first, Instant.parse(start)).toMinutes()) - 720;
  }

  private Ran ran(String what, Path file, Instant from, Instant to, Object... more) {
    List<Object> words = new ArrayList<>(List.of("backtest"));
    if (!what.isEmpty()) {
      words.add(what);
    }
    words.addAll(List.of(file, "--cloudwatch", "--endpoint", cloud.address(), "--region"));
    words.addAll(List.of("eu-central-1", "--from", from, "--to", to));
    words.addAll(List.of(more));
    return Ran.slo(words.toArray());
  }

  private static final String ALARM =
      """
      Parameters: {Stage: {Type: String}}
      Resources:
        Failures:
          Type: AWS::CloudWatch::Alarm
          Properties:
            ComparisonOperator: GreaterThanThreshold
            Threshold: 20
            EvaluationPeriods: 1
            Namespace: AWS/Lambda
            MetricName: Errors
            Dimensions: [{Name: FunctionName, Value: %s}]
            Statistic: Sum
            Period: 60
      """;

  private Path alarm(String function) throws IOException {
    return Files.writeString(folder.resolve("alarm.yaml"), ALARM.formatted(function));
  }

  @Test
  void theAlarmsOfATemplateDoWhatTheyDoOverTheSameMinutesOfAFile() throws Exception {
    Instant start = hour.minusSeconds(60L * (MINUTES + 60));
    Path metrics = month(start, beforeTheFirstIncident(), MINUTES);
    cloud.pageOf(5_003);
    Path template = EXAMPLE.resolve("corrected.yaml");
    Ran kept = ran("--template", template, start, start.plusSeconds(60L * MINUTES));
    Ran file = Ran.slo("backtest", "--template", template, "--data", metrics);
    assertThat(file.out()).contains("page  ");
    assertThat(kept.err()).isEmpty();
    assertThat(kept.out()).isEqualTo(file.out());
    assertThat(cloud.calls()).containsOnly("GetMetricData").hasSizeGreaterThan(3);
    Ran both =
        Ran.slo(
            "backtest",
            "--diff",
            EXAMPLE.resolve("naive.yaml"),
            template,
            "--cloudwatch",
            "--endpoint",
            cloud.address(),
            "--region",
            "eu-central-1",
            "--from",
            start,
            "--to",
            start.plusSeconds(60L * MINUTES));
    Ran beside =
        Ran.slo("backtest", "--diff", EXAMPLE.resolve("naive.yaml"), template, "--data", metrics);
    assertThat(both.out()).isEqualTo(beside.out());
  }

  @Test
  void anObjectiveIsCountedAsItsExportedAlarmsCount() throws Exception {
    Instant start = hour.minusSeconds(60L * (MINUTES + 60));
    int skipped = beforeTheFirstIncident();
    month(start, skipped, MINUTES);
    List<String> counts = new ArrayList<>();
    for (String line : lines("metrics.csv.gz").subList(1 + skipped, 1 + skipped + MINUTES)) {
      String[] of = line.split(",", -1);
      if (!of[2].isEmpty()) {
        long total = number(of[2]) - number(of[3]);
        long bad = Math.min(total, number(of[4]) + number(of[7]));
        counts.add("%s,%d,%d".formatted(start.plusSeconds(60L * counts.size()), total, bad));
      } else {
        counts.add("#");
      }
    }
    Path file = Files.write(folder.resolve("counts.csv"), counts);
    Path objectives = EXAMPLE.resolve("slo.yaml");
    Ran kept = ran("", objectives, start, start.plusSeconds(60L * MINUTES));
    assertThat(kept.err()).isEmpty();
    assertThat(kept.out())
        .contains("page  ")
        .isEqualTo(Ran.slo("backtest", objectives, file).out());
  }

  private static long number(String field) {
    return field.isEmpty() ? 0 : Math.round(Double.parseDouble(field));
  }

  @Test
  void minutesThatAreKeptNoMoreAreAskedForByFiveMinutesAndSaidSo() throws Exception {
    Instant start = hour.minus(Duration.ofDays(16));
    int minutes = 2 * 1440;
    for (int i = 0; i < minutes; i++) {
      Instant at = start.plusSeconds(60L * i);
      cloud.put("AWS/ApiGateway Count{ApiName=OrdersAPI} SampleCount", at, 100);
      cloud.put("AWS/ApiGateway 4XXError{ApiName=OrdersAPI} Sum", at, 0);
      cloud.put("AWS/ApiGateway 5XXError{ApiName=OrdersAPI} Sum", at, i % 100 == 0 ? 10 : 0);
      cloud.put("Troth SwallowedFailures{Chain=orders} Sum", at, 0);
    }
    Ran ran = ran("", EXAMPLE.resolve("slo.yaml"), start, start.plusSeconds(60L * minutes));
    assertThat(ran.err())
        .contains("CloudWatch keeps no minutes any more from " + start)
        .contains("the minutes of its periods of 5m share sums evenly");
    assertThat(ran.out()).contains("availability at the end 99.899 %");
    assertThat(cloud.periods()).contains(60, 300);
    cloud.put("AWS/ApiGateway 5XXError{ApiName=OrdersAPI} Sum", start, -50);
    Ran negative = ran("", EXAMPLE.resolve("slo.yaml"), start, start.plusSeconds(60L * minutes));
    assertThat(negative.exitCode()).isEqualTo(2);
    assertThat(negative.err())
        .contains("CloudWatch: AWS/ApiGateway 5XXError{ApiName=OrdersAPI} Sum has ")
        .contains("expected a count");
    Ran ancient = ran("", EXAMPLE.resolve("slo.yaml"), hour.minus(Duration.ofDays(460)), hour);
    assertThat(ancient.exitCode()).isEqualTo(2);
    assertThat(ancient.err()).contains("is too long ago: CloudWatch keeps metrics for 455 days");
    Ran future = ran("", EXAMPLE.resolve("slo.yaml"), hour, hour.plus(Duration.ofDays(1)));
    assertThat(future.err()).contains("expected a time that has passed");
  }

  @Test
  void whatIsNamedAtDeploymentIsTheOneMetricOfTheAccountOrIsGiven() throws Exception {
    Instant start = hour.minusSeconds(3_600);
    for (int i = 0; i < 60; i++) {
      Instant at = start.plusSeconds(60L * i);
      cloud.put("AWS/Lambda Errors{FunctionName=test-orders} Sum", at, i < 30 ? 0 : 50);
      cloud.put("AWS/Lambda Errors{FunctionName=other;Resource=x} Sum", at, 100);
    }
    Path template = alarm("!Sub '${Stage}-orders'");
    Ran one = ran("--template", template, start, hour);
    assertThat(one.err()).isEmpty();
    assertThat(one.out()).contains("page    " + start.plusSeconds(31 * 60)).contains("1 page");
    assertThat(cloud.calls()).contains("ListMetrics");
    cloud.put("AWS/Lambda Errors{FunctionName=live-orders} Sum", start, 100);
    Ran two = ran("--template", template, start, hour);
    assertThat(two.exitCode()).isEqualTo(2);
    assertThat(two.err())
        .contains("CloudWatch lists 2 metrics that AWS/Lambda Errors{FunctionName=${Stage}-orders}")
        .contains("give --parameter NAME=VALUE");
    Ran given = ran("--template", template, start, hour, "--parameter", "Stage=test");
    assertThat(given.out()).isEqualTo(one.out());
    Ran odd = ran("--template", template, start, hour, "--parameter", "Stag=test");
    assertThat(odd.err())
        .contains("has no parameter and no resource 'Stag', expected one of Stage, Failures");
  }

  @Test
  void aMetricWithoutDataIsNamed() throws Exception {
    Ran alarm = ran("--template", alarm("nobody"), hour.minusSeconds(600), hour);
    assertThat(alarm.exitCode()).isZero();
    assertThat(alarm.err())
        .contains("CloudWatch has no data of AWS/Lambda Errors{FunctionName=nobody} Sum from")
        .contains("it may be the name of no metric");
    Ran objective = ran("", EXAMPLE.resolve("slo.yaml"), hour.minusSeconds(600), hour);
    assertThat(objective.exitCode()).isEqualTo(2);
    assertThat(objective.err()).contains("and without it orders is not counted");
  }

  @Test
  void aThrottledCallIsMadeAgainAndARefusedOneIsNamed() throws Exception {
    Instant from = hour.minusSeconds(600);
    cloud.put("AWS/Lambda Errors{FunctionName=orders} Sum", from, 50);
    Path template = alarm("orders");
    cloud.failNext(new Fault(400, "ThrottlingException", "Rate exceeded"));
    Ran throttled = ran("--template", template, from, hour);
    assertThat(throttled.err()).isEmpty();
    assertThat(throttled.out()).contains("1 page");
    assertThat(cloud.calls()).hasSize(2);
    cloud.failNext(new Fault(403, "AccessDenied", "User: arn:aws:iam::1:user/x is not authorized"));
    Ran denied = ran("--template", template, from, hour);
    assertThat(denied.exitCode()).isEqualTo(2);
    assertThat(denied.err())
        .contains("CloudWatch denies cloudwatch:GetMetricData to these credentials: User: arn");
    cloud.failNext(new Fault(403, "ExpiredToken", "The security token is expired"));
    Ran expired = ran("--template", template, from, hour);
    assertThat(expired.exitCode()).isEqualTo(2);
    assertThat(expired.err()).contains("does not take these credentials: ExpiredToken");
    cloud.failNext(new Fault(400, "InvalidParameterValue", "MetricDataQueries is odd"));
    Ran refused = ran("--template", template, from, hour);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("MetricDataQueries is odd");
  }

  @Test
  void anAnswerInPartIsNone() throws Exception {
    Instant from = hour.minusSeconds(600);
    cloud.put("AWS/Lambda Errors{FunctionName=orders} Sum", from, 50);
    Path template = alarm("orders");
    cloud.say("PartialData", "some shards are slow");
    Ran part = ran("--template", template, from, hour);
    assertThat(part.exitCode()).isEqualTo(3);
    assertThat(part.err())
        .contains("CloudWatch: Remark: some shards are slow")
        .contains("CloudWatch has not told all of AWS/Lambda Errors{FunctionName=orders} Sum");
    cloud.say("Forbidden", "");
    Ran forbidden = ran("--template", template, from, hour);
    assertThat(forbidden.exitCode()).isEqualTo(2);
    assertThat(forbidden.err()).contains("denies these credentials the values of AWS/Lambda");
  }

  @Test
  void whatTheAccountLacksIsNamed() throws Exception {
    Path template = alarm("orders");
    Object[] words = {
      "backtest",
      "--template",
      template,
      "--cloudwatch",
      "--from",
      hour.minusSeconds(600),
      "--to",
      hour
    };
    Ran nowhere = Ran.slo(words);
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("the region of AWS is missing: give --region");
    set("aws.region", "Frankfurt");
    assertThat(Ran.slo(words).err())
        .contains("the region is 'Frankfurt', expected one such as eu-central-1");
    unset("aws.accessKeyId");
    unset("aws.secretAccessKey");
    Ran nobody = ran("--template", template, hour.minusSeconds(600), hour);
    assertThat(nobody.exitCode()).isEqualTo(2);
    assertThat(nobody.err()).contains("there are no credentials of AWS:");
    Files.writeString(
        folder.resolve("credentials"),
        "[shop]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n");
    Ran unknown = ran("--template", template, hour.minusSeconds(600), hour, "--profile", "shp");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--profile is 'shp', expected one of shop");
    Ran known = ran("--template", template, hour.minusSeconds(600), hour, "--profile", "shop");
    assertThat(known.exitCode()).isZero();
    Ran without =
        Ran.slo("backtest", "--template", template, "--data", template, "--region", "eu-west-1");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("go with --cloudwatch");
  }

  @Test
  void anAddressWithoutAServiceIsSaidToBeOne() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Ran ran =
        Ran.slo(
            "backtest",
            "--template",
            alarm("orders"),
            "--cloudwatch",
            "--region",
            "eu-central-1",
            "--endpoint",
            "http://127.0.0.1:" + port,
            "--from",
            hour.minusSeconds(600),
            "--to",
            hour);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("CloudWatch cannot be asked for cloudwatch:GetMetricData");
  }
}
