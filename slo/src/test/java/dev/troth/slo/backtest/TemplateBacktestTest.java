package dev.troth.slo.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.json.file.YamlWriter;
import dev.troth.slo.alarm.AlarmState;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.export.CloudFormationExport;
import dev.troth.slo.export.RefusedException;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.Severity;
import dev.troth.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateBacktestTest {
  private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

  /** Two alarms on the share of failures, one quick and one patient, a page made of both. */
  private static final String TEMPLATE =
      """
      Resources:
        Quick:
          Type: AWS::CloudWatch::Alarm
          Properties:
            ComparisonOperator: GreaterThanThreshold
            Threshold: 0.1
            EvaluationPeriods: 1
            TreatMissingData: ignore
            Metrics: &metrics
              - Id: total
                MetricStat: {Metric: {Namespace: Shop, MetricName: Count, Dimensions: [{Name: Api, Value: !Ref Api}]}, Period: 60, Stat: Sum}
                ReturnData: false
              - Id: bad
                MetricStat: {Metric: {Namespace: Shop, MetricName: Bad}, Period: 60, Stat: Sum}
                ReturnData: false
              - {Id: share, Expression: "IF(total > 0, bad / total)", ReturnData: true}
        Patient:
          Type: AWS::CloudWatch::Alarm
          Properties:
            AlarmName: patient
            ComparisonOperator: GreaterThanThreshold
            Threshold: 0.1
            EvaluationPeriods: 3
            DatapointsToAlarm: 2
            Metrics: *metrics
        Page:
          Type: AWS::CloudWatch::CompositeAlarm
          Properties: {AlarmRule: !Sub 'ALARM("${Quick}") AND ALARM("patient")'}
        TicketForSupport:
          Type: AWS::CloudWatch::CompositeAlarm
          Properties: {AlarmRule: !Sub 'ALARM("${Quick}")', ActionsSuppressor: !Ref Page}
      """;

  private static TemplateBacktest.Report run(String template, String history) {
    return TemplateBacktest.run(
        Template.in("t.yaml", template).orElseThrow(),
        HistoryReader.read(history.lines()),
        _ -> {});
  }

  /** Minutes of totals and failures; {@code -} is no data. */
  private static String history(String... minutes) {
    StringBuilder text = new StringBuilder("time,Shop Count{Api=a} Sum,Shop Bad Sum\n");
    for (int i = 0; i < minutes.length; i++) {
      text.append(START.plusSeconds(60L * i))
          .append(',')
          .append(minutes[i].replace("-", "").replace(' ', ','))
          .append('\n');
    }
    return text.toString();
  }

  private static List<String> told(TemplateBacktest.Report report) {
    return report.alerts().stream()
        .map(alert ->
            alert.severity().word()
                + " "
                + Duration.between(START, alert.firedAt()).toMinutes()
                + " to "
                + alert
                    .resolvedAt()
                    .map(end -> "" + Duration.between(START, end).toMinutes())
                    .orElse("the end"))
        .toList();
  }

  @Test
  void alarmsFireAtTheEndOfTheMinuteThatMakesThem() {
    TemplateBacktest.Report report =
        run(TEMPLATE, history("10 0", "10 5", "10 5", "10 0", "10 0", "10 5", "10 0"));
    assertThat(report.alarms())
        .filteredOn(alarm -> alarm.name().equals("Patient"))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.tells()).isEmpty();
          assertThat(alarm.changes())
              .extracting(change -> change.state())
              .containsExactly(AlarmState.OK, AlarmState.ALARM, AlarmState.OK);
        });
    // The ticket is told before the page stands, and again when only the quick alarm fires.
    assertThat(told(report)).containsExactly("ticket 2 to 4", "page 3 to 4", "ticket 6 to 7");
  }

  @Test
  void whileItsSuppressorFiresNobodyIsToldAgain() {
    String eager = TEMPLATE.replace("DatapointsToAlarm: 2", "DatapointsToAlarm: 1");
    assertThat(told(run(eager, history("10 0", "10 5", "10 0", "10 5", "10 0", "10 0", "10 0"))))
        .containsExactly("page 2 to 3", "page 4 to 5");
  }

  @Test
  void withoutDataAnAlarmStaysAndANewPeriodMakesItUp() {
    // The alarm reads two periods more than it evaluates, and then keeps its state.
    TemplateBacktest.Report report =
        run(TEMPLATE, history("10 5", "10 5", "- -", "- -", "- -", "- -", "- -", "10 0"));
    assertThat(report.alarms())
        .filteredOn(alarm -> alarm.name().equals("Quick"))
        .singleElement()
        .satisfies(alarm ->
            assertThat(alarm.changes())
                .extracting(change -> change.state())
                .containsExactly(AlarmState.ALARM, AlarmState.OK));
    assertThat(report.alarms())
        .filteredOn(alarm -> alarm.name().equals("Patient"))
        .singleElement()
        .satisfies(alarm ->
            assertThat(alarm.changes())
                .extracting(change -> change.state())
                .containsExactly(
                    AlarmState.INSUFFICIENT_DATA,
                    AlarmState.ALARM,
                    AlarmState.INSUFFICIENT_DATA,
                    AlarmState.OK));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "MetricName: Bad ~ MetricName: Worse ~ the history holds no Shop Worse Sum",
        "Dimensions: [{Name: Api, Value: !Ref Api}] ~ Dimensions: [] ~ the history holds no Shop"
            + " Count Sum",
        "IF(total > 0, bad / total) ~ bad / MAX([total], 1) ~ it cannot be created: MAX takes 1"
            + " argument, found 2",
        "IF(total > 0, bad / total) ~ bad / SERVICE_QUOTA(total) ~ SERVICE_QUOTA is known to the"
            + " service alone",
        "IF(total > 0, bad / total) ~ [bad, total] ~ it cannot be created: the expression comes to"
            + " an array",
        "Stat: Sum ~ Stat: p99 ~ the history holds no Shop Count{Api=${Api}} p99",
        "Period: 60 ~ Period: 10 ~ the history has minutes, and the period is 10 seconds",
        "Threshold: 0.1 ~ Threshold: !ImportValue x ~ its condition is known to the service or at"
            + " deployment only",
      })
  void whatIsNotKnownIsSaidAndIsNeitherWellNorFiring(String from, String to, String reason) {
    TemplateBacktest.Report report =
        run(
            TEMPLATE.replaceFirst(
                java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to)),
            history("10 5", "10 5"));
    assertThat(report.alarms())
        .filteredOn(alarm -> alarm.name().equals("Quick"))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.notKnown())
              .hasValueSatisfying(why -> assertThat(why).startsWith(reason));
          assertThat(alarm.changes())
              .extracting(change -> change.state())
              .containsExactly(AlarmState.NOT_KNOWN);
        });
    assertThat(report.alarms())
        .filteredOn(alarm -> alarm.name().equals("TicketForSupport"))
        .singleElement()
        .satisfies(alarm ->
            assertThat(alarm.notKnown()).contains("it is made of alarms that are not known"));
    assertThat(report.alerts()).isEmpty();
  }

  @Test
  void aPercentileOfAnHourDoesNotFollowFromMinutes() {
    String template =
        """
        Slow:
          Type: AWS::CloudWatch::Alarm
          Properties: {ComparisonOperator: GreaterThanThreshold, Threshold: 800, EvaluationPeriods: 1, Period: 3600,
            Namespace: Shop, MetricName: Latency, ExtendedStatistic: p95}
        """;
    String data = "time,Shop Latency p95\n2026-10-01T00:00:00Z,900\n";
    assertThat(run(template, data).alarms().getFirst().notKnown())
        .contains("Shop Latency p95 of 3600 s does not follow from its minutes");
    assertThat(told(run(template.replace("3600", "60"), data)))
        .containsExactly("page 1 to the end");
  }

  /** An average needs weights; without them that of a longer period is not known. */
  @Test
  void averagesAreWeighted() {
    String template =
        """
        Slow:
          Type: AWS::CloudWatch::Alarm
          Properties: {ComparisonOperator: GreaterThanThreshold, Threshold: 5, EvaluationPeriods: 1, Period: 120,
            Namespace: Shop, MetricName: Latency, Statistic: Average}
        """;
    String weighted =
        """
        {"time":"2026-10-01T00:00:00Z","namespace":"Shop","metric":"Latency","stat":"Sum","value":90}
        {"time":"2026-10-01T00:00:00Z","namespace":"Shop","metric":"Latency","stat":"SampleCount","value":90}
        {"time":"2026-10-01T00:01:00Z","namespace":"Shop","metric":"Latency","stat":"Sum","value":100}
        {"time":"2026-10-01T00:01:00Z","namespace":"Shop","metric":"Latency","stat":"SampleCount","value":10}
        """;
    assertThat(run(template, weighted).alarms().getFirst().changes())
        .extracting(change -> change.state())
        .containsExactly(AlarmState.OK);
    String unweighted = "time,Shop Latency Average\n2026-10-01T00:00:00Z,1\n";
    assertThat(run(template, unweighted).alarms().getFirst().notKnown())
        .contains("Shop Latency Average of 120 s does not follow from its minutes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "1 ~ clock,Shop Count Sum ~ expected a head such as time,",
        "1 ~ time,ShopCount ~ 'ShopCount' names no series",
        "2 ~ time,Shop Count Sum;yesterday,1 ~ 'yesterday' is no time",
        "2 ~ time,Shop Count Sum;2026-10-01T00:00:00Z,x ~ 'x' is no number",
        "2 ~ time,Shop Count Sum;2026-10-01T00:00:00Z,NaN ~ 'NaN' is no number",
        "2 ~ time,Shop Count Sum;2026-10-01T00:00:00Z ~ 1 fields, expected 2",
        "3 ~ time,Shop Count Sum;2026-10-01T00:00:00Z,1;2026-10-01T00:00:30Z,1 ~ two values of one"
            + " minute",
        "1 ~ {\"time\":1} ~ has no 'namespace'",
        "1 ~ {\"time\":\"2026-10-01T00:00:00Z\",\"namespace\":\"S\",\"metric\":\"C\",\"stat\":\"Sum\",\"value\":-1e999}"
            + " ~ 'value' is -1E+999, expected a number below 1.8E308",
        "1 ~ {\"time\" ~ no JSON",
      })
  void aLineThatCannotBeReadIsNamed(int line, String text, String reason) {
    assertThatThrownBy(() -> HistoryReader.read(text.replace(';', '\n').lines()))
        .isInstanceOfSatisfying(
            HistoryReader.WrongLineException.class,
            wrong -> {
              assertThat(wrong.line()).isEqualTo(line);
              assertThat(wrong).hasMessageContaining(reason);
            });
  }

  @Test
  void outcomesHoldPagesAgainstIncidents() {
    Instant a = START;
    List<Incident> incidents =
        List.of(
            new Incident("outage", a.plusSeconds(600), a.plusSeconds(1_200)),
            new Incident("missed", a.plusSeconds(20_000), a.plusSeconds(20_600)));
    Outcome outcome =
        Outcome.of(
            List.of(
                new Alert(Severity.PAGE, a.plusSeconds(60), Optional.empty(), "x"),
                new Alert(Severity.PAGE, a.plusSeconds(780), Optional.empty(), "x"),
                new Alert(Severity.TICKET, a.plusSeconds(20_100), Optional.empty(), "y")),
            incidents);
    assertThat(outcome.falsePages()).hasSize(1);
    assertThat(outcome.incidents())
        .extracting(told -> told.delay().map(Duration::toMinutes) + " " + told.minutesMissed())
        .containsExactly("Optional[3] 3", "Optional.empty 10");
    assertThat(outcome.incidents().getLast().ticketed()).contains(a.plusSeconds(20_100));
    assertThat(outcome.minutesMissed()).isEqualTo(13);
    assertThat(outcome.incidentMinutes()).isEqualTo(20);
    assertThat(outcome.precision()).isEqualTo(0.5);
    assertThat(outcome.recall()).isEqualTo(0.5);
  }

  @Test
  void truthShowsIncidents() {
    List<Minute> minutes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long bad = i >= 20 && i < 30 ? 50 : i == 50 ? 2 : 0;
      minutes.add(new Minute(START.plusSeconds(60L * i), 100, bad));
    }
    Truth truth = new Truth(minutes);
    assertThat(truth.incidents(0.072))
        .containsExactly(new Incident(START.plusSeconds(1_200), START.plusSeconds(1_800)));
    assertThat(truth.between(START.plusSeconds(1_200), START.plusSeconds(1_800)))
        .isEqualTo(new Truth.Requests(1_000, 500));
  }

  private static final String OBJECTIVE =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: orders}
      spec:
        kind: exact
        steps:
          - name: gateway
            match: {service: a}
            ignoreWhen: [{attribute: http.response.status_code, atLeast: 400, below: 500}]
        cloudWatch: {gateway: {restApi: OrdersAPI}}
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives: [{target: 0.995}]
        alerting: {minBadEvents: 5}
      """;

  /** The exported template pages when the engine pages, to the minute. */
  @Test
  void theExportedAlarmsFireWithTheEngine() throws RefusedException {
    Loaded loaded = ObjectiveFiles.read(Map.of("slo.yaml", OBJECTIVE));
    String template =
        YamlWriter.write(CloudFormationExport.of(loaded, Optional.empty(), false).template());
    int[] pages = {0};
    Property.of("exported alarms fire with the engine")
        .runs(4, 40)
        .check(random -> {
          StringBuilder history =
              new StringBuilder(
                  "time,AWS/ApiGateway Count{ApiName=OrdersAPI} SampleCount,AWS/ApiGateway"
                      + " 4XXError{ApiName=OrdersAPI} Sum,AWS/ApiGateway"
                      + " 5XXError{ApiName=OrdersAPI} Sum,Troth SwallowedFailures{Chain=orders}"
                      + " Sum\n");
          List<Minute> minutes = new ArrayList<>();
          double share = 0;
          for (int i = 0; i < 5 * 1440; i++) {
            if (random.nextInt(400) == 0) {
              share = random.nextInt(3) == 0 ? random.nextDouble() * 0.3 : 0;
            }
            int total = random.nextInt(30, 90);
            int bad = 0;
            for (int r = 0; r < total; r++) {
              bad += random.nextDouble() < share ? 1 : 0;
            }
            int swallowed = bad == 0 ? 0 : random.nextInt(bad + 1);
            Instant at = START.plusSeconds(60L * i);
            minutes.add(new Minute(at, total, bad));
            history.append("%s,%d,3,%d,%d%n".formatted(at, total + 3, bad - swallowed, swallowed));
          }
          List<Alert> live =
              Backtest.run(loaded.objectives().getFirst(), minutes).alerts().stream()
                  .filter(alert -> alert.severity() == Severity.PAGE)
                  .toList();
          List<Alert> exported =
              run(template, history.toString()).alerts().stream()
                  .filter(alert -> alert.severity() == Severity.PAGE)
                  .toList();
          // The engine resolves later than an alarm ends, so an alarm may fire anew within a page.
          for (Alert page : live) {
            assertThat(exported).extracting(Alert::firedAt).contains(page.firedAt());
          }
          for (Alert page : exported) {
            assertThat(live)
                .anyMatch(one ->
                    !page.firedAt().isBefore(one.firedAt())
                        && one.resolvedAt().filter(end -> end.isBefore(page.firedAt())).isEmpty());
          }
          pages[0] += live.size();
        });
    assertThat(pages[0]).isPositive();
  }
}
