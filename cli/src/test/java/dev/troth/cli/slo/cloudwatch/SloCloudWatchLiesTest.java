package dev.troth.cli.slo.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.cli.slo.cloudwatch.CloudWatchDouble.Lie;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A CloudWatch that answers what the real one never does, and what its caller may not send. */
final class SloCloudWatchLiesTest {
  private static final String ALARM =
      """
      Parameters: {Stage: {Type: String}}
      Resources:
        Failures:
          Type: AWS::CloudWatch::Alarm
          Properties:
            ComparisonOperator: GreaterThanThreshold
            Threshold: 3
            EvaluationPeriods: 1
            Namespace: AWS/ApiGateway
            MetricName: 5XXError
            Dimensions: [{Name: ApiName, Value: %s}]
            Statistic: Sum
            Period: 60
      """;

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
    set("aws.maxAttempts", "1");
    set("aws.sharedCredentialsFile", folder.resolve("credentials").toString());
    set("aws.configFile", folder.resolve("config").toString());
  }

  @AfterEach
  void stop() {
    cloud.close();
    before.forEach((name, value) -> {
      if (value.equals("null")) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, value);
      }
    });
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, String.valueOf(System.getProperty(name)));
    System.setProperty(name, value);
  }

  private Ran ranAt(String endpoint, String api, Object... more) throws IOException {
    Path template = Files.writeString(folder.resolve("alarm.yaml"), ALARM.formatted(api));
    List<Object> words = new ArrayList<>(Arrays.asList(more));
    words.addAll(
        0,
        List.of(
            "backtest",
            "--template",
            template,
            "--cloudwatch",
            "--region",
            "eu-central-1",
            "--endpoint",
            endpoint,
            "--from",
            hour.minusSeconds(600),
            "--to",
            hour));
    return Ran.slo(words.toArray());
  }

  private String refused(Lie lie) throws IOException {
    cloud.lie(lie);
    Ran ran = ranAt(cloud.address(), "orders");
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).doesNotContain("should not happen");
    return ran.err();
  }

  private static Lie always(Map<String, ?> answer) {
    return (exchange, _, _) -> CloudWatchDouble.send(exchange, 200, answer);
  }

  private static Map<String, Object> results(List<?> times, List<?> values) {
    Map<String, Object> one = new HashMap<>();
    one.put("Id", "m0");
    one.put("Timestamps", times);
    one.put("Values", values);
    one.put("StatusCode", "Complete");
    return new HashMap<>(Map.of("MetricDataResults", List.of(one)));
  }

  private Map<String, Object> value(@Nullable Object value) {
    return results(List.of(hour.getEpochSecond() - 600), Collections.singletonList(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws.sessionToken", "aws.accessKeyId", "aws.secretAccessKey"})
  void credentialsThatNoHeaderHoldsAreRefusedWithoutBeingShown(String name) throws Exception {
    for (String broken :
        List.of("SESS\nTOKENSECRET", "SESS\u001bTOKENSECRET", "SÈSS€TOKENSECRET")) {
      set(name, broken);
      Ran ran = ranAt(cloud.address(), "orders");
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .containsPattern("AWS_[A-Z_]+, or its like in the profile, has 1\\d characters")
          .doesNotContain("TOKENSECRET")
          .doesNotContain("should not happen");
      assertThat(cloud.calls()).isEmpty();
    }
  }

  @Test
  void anAnswerWithoutEndIsLeftAtItsBound() throws Exception {
    AtomicLong sent = new AtomicLong();
    byte[] values = new byte[9 * 10_000];
    for (int i = 0; i < values.length; i += 9) {
      values[i] = (byte) 0xfb; // a double: 1.0
      values[i + 1] = 0x3f;
      values[i + 2] = (byte) 0xf0;
    }
    String err =
        refused((exchange, _, _) -> {
          exchange.getResponseHeaders().add("smithy-protocol", "rpc-v2-cbor");
          exchange.getResponseHeaders().add("Content-Type", "application/cbor");
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(0xa1);
            text(out, "MetricDataResults");
            out.write(0x81);
            out.write(0xa1);
            text(out, "Values");
            out.write(0x9f);
            // Without a bound this ends, too, so that the test does.
            for (int i = 0; i < 600; i++) {
              out.write(values);
              sent.addAndGet(values.length);
            }
            out.write(0xff);
          }
        });
    assertThat(err).contains("an answer of more than 8,388,608 bytes, expected at most that");
    assertThat(sent.get()).isLessThan(54_000_000);
    assertThat(cloud.calls()).hasSize(1);
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(0x60 + text.length());
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aTokenThatLeadsNowhereEndsThePages() throws Exception {
    Map<String, Object> same = results(List.of(), List.of());
    same.put("NextToken", "same");
    assertThat(refused(always(same))).contains("the same token for two pages from 2");
    assertThat(cloud.calls()).hasSize(2);
    same.put("NextToken", "t".repeat(30_000));
    assertThat(refused(always(same))).contains("a token of 30,000 characters for the next page");
    cloud.lie(always(Map.of("Metrics", List.of(), "NextToken", "same")));
    Ran listed = ranAt(cloud.address(), "!Sub '${Stage}-orders'");
    assertThat(listed.exitCode()).isEqualTo(3);
    assertThat(listed.err())
        .contains("the same token for two pages of metrics like AWS/ApiGateway");
  }

  @Test
  void pagesThatHoldNothingComeToAnEnd() throws Exception {
    String err =
        refused((exchange, _, call) -> {
          Map<String, Object> page = results(List.of(), List.of());
          page.put("NextToken", "t" + call);
          CloudWatchDouble.send(exchange, 200, page);
        });
    assertThat(err).contains("no end of pages from 2", "expected at most 1,000");
    assertThat(cloud.calls()).hasSize(1_000);
  }

  /** Pages that come one by one without end, or a page that does not come at all. */
  @ParameterizedTest
  @ValueSource(longs = {50, 60_000})
  void allCallsTogetherEndInTheirTime(long millisOfAPage) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    cloud.lie((exchange, _, call) -> {
      try {
        boolean _ = over.await(call < 4 ? 0 : millisOfAPage, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Map<String, Object> page = results(List.of(), List.of());
      page.put("NextToken", "t" + call);
      CloudWatchDouble.send(exchange, 200, page);
    });
    Ran ran = ranAt(cloud.address(), "orders", "--within", "5s");
    over.countDown();
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err())
        .containsPattern("CloudWatch has not told all within 5s, in \\d+ calls, the last of")
        .contains("cloudwatch:GetMetricData: give more time by --within");
    assertThat(cloud.calls()).hasSizeBetween(1, 999);
    assertThat(ranAt(cloud.address(), "orders", "--within", "soon").err())
        .contains("--within is 'soon', expected a time from 1ms to 1d");
  }

  @Test
  void remarksAreFewShortAndSteerNoTerminal() throws Exception {
    cloud.lie((exchange, _, call) -> {
      Map<String, Object> page = results(List.of(), List.of());
      page.put(
          "Messages",
          List.of(
              Map.of(
                  "Code",
                  "\u001b[31mc" + call,
                  "Value",
                  "\u001b]0;pwn\u0007\nforged: 0 pages" + "w".repeat(2_000))));
      if (call < 40) {
        page.put("NextToken", "t" + call);
      }
      CloudWatchDouble.send(exchange, 200, page);
    });
    Ran ran = ranAt(cloud.address(), "orders");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err())
        .contains("CloudWatch: \\u001b[31mc1: \\u001b]0;pwn\\u0007\\u000aforged: 0 pages", "c20:")
        .contains("CloudWatch makes more than 20 remarks: the others are not shown")
        .doesNotContain("\u001b")
        .doesNotContain("c21:");
    assertThat(ran.err().lines()).hasSize(22).allMatch(line -> line.length() < 700);
  }

  @Test
  void valuesThatAreNoNumbersAreRefused() throws Exception {
    for (double no : new double[] {Double.POSITIVE_INFINITY, Double.NaN, -Double.MAX_VALUE * 2}) {
      assertThat(refused(always(value(no))))
          .contains("CloudWatch has %s of AWS/ApiGateway 5XXError".formatted(no))
          .contains("expected a number");
    }
  }

  @Test
  void whatIsMissingInAnAnswerIsSaid() throws Exception {
    assertThat(refused(always(value(null)))).contains("null among the values of AWS/ApiGateway");
    assertThat(refused(always(results(Collections.singletonList(null), List.of(1.0)))))
        .contains("null among the times of AWS/ApiGateway");
    assertThat(refused(always(Map.of("MetricDataResults", Arrays.asList(null, null)))))
        .contains("null among its results");
    long early = hour.getEpochSecond() - 7_200;
    assertThat(refused(always(results(List.of(early), List.of(1.0)))))
        .contains("CloudWatch has a value of AWS/ApiGateway 5XXError", "expected times from");
  }

  @Test
  void aRedirectIsSaidToBeOne() throws Exception {
    String err =
        refused((exchange, _, _) -> {
          exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/other");
          exchange.sendResponseHeaders(307, -1);
        });
    assertThat(err)
        .contains("CloudWatch answers cloudwatch:GetMetricData with 307, a redirect")
        .contains("--endpoint");
  }

  @Test
  void anEndpointIsAnAddressOfTheWebWithoutAPassword() throws Exception {
    for (String no :
        List.of("http://127.0.0.1:99999", "http://127.0.0.1:0", "ftp://127.0.0.1:1", "file:///x")) {
      Ran ran = ranAt(no, "orders");
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err()).contains("--endpoint is '" + no + "', expected an address that begins");
    }
    for (String no : List.of("http://u:pSECRET@127.0.0.1:1", "ftp://u:pSECRET@h", "u:pSECRET@h")) {
      Ran ran = ranAt(no, "orders");
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains("--endpoint holds a user or a password")
          .doesNotContain("SECRET");
    }
  }

  @Test
  void thePlatformsAddressShowsNoPasswordEither() {
    Ran server = Ran.slo("status", "--server", "http://u:pSECRET@127.0.0.1:1");
    assertThat(server.exitCode()).isEqualTo(2);
    assertThat(server.err())
        .contains("--server holds a user or a password")
        .doesNotContain("SECRET");
  }
}
