package dev.troth.orders.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import dev.troth.testkit.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FaultsTest {
  private final ManualClock clock = ManualClock.at("2026-01-01T00:00:00Z");
  private final Faults faults = new Faults(clock, Set.of(Fault.PUBLISH, Fault.BAD_PAYLOAD));

  @Test
  void aFaultEndsByItself() throws Exception {
    call("POST", "{\"fault\":\"publish\",\"variant\":\"refused\",\"seconds\":60}");

    assertThat(faults.strike(Fault.PUBLISH)).hasValue("refused");
    assertThat(faults.strike(Fault.BAD_PAYLOAD)).isEmpty();
    clock.advance(Duration.ofSeconds(59));
    assertThat(faults.strike(Fault.PUBLISH)).isPresent();
    clock.advance(Duration.ofSeconds(1));
    assertThat(faults.strike(Fault.PUBLISH)).isEmpty();
    assertThat(text(call("GET", ""))).isEqualTo("[]");
  }

  @Test
  void itsVariantsTakeTurnsUnlessOneIsNamed() throws Exception {
    call("POST", "{\"fault\":\"publish\",\"seconds\":60}");

    assertThat(faults.strike(Fault.PUBLISH)).hasValue("refused");
    assertThat(faults.strike(Fault.PUBLISH)).hasValue("partial");
    assertThat(faults.strike(Fault.PUBLISH)).hasValue("refused");
  }

  @Test
  void deleteEndsThemAll() throws Exception {
    call("POST", "{\"fault\":\"publish\",\"seconds\":60}");
    call("DELETE", "");

    assertThat(faults.strike(Fault.PUBLISH)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'fault':'flood','seconds':60}                       | fault is 'flood'",
        "{'fault':'slow-db','seconds':60}                     | fault is 'slow-db'",
        "{'fault':'publish','seconds':0}                      | seconds is 0",
        "{'fault':'publish','seconds':999999}                 | seconds is 999999",
        "{'fault':'publish'}                                  | seconds is 0",
        "{'fault':'publish','variant':'loud','seconds':9}     | variant is 'loud'",
        "[]                                                   | fault is ''"
      })
  void refusesWhatItCannotDo(String wish, String reason) {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> call("POST", wish.replace('\'', '"')));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.detail()).contains(reason);
  }

  @Test
  void refusesAPageThatComesByAnotherName() {
    Request foreign =
        new Request(
            Map.of(),
            Map.of("host", "evil.example:4101"),
            "{\"fault\":\"publish\",\"seconds\":60}".getBytes(UTF_8));

    Problem problem =
        catchThrowableOfType(Problem.class, () -> route("POST").action().answer(foreign));

    assertThat(problem.status()).isEqualTo(403);
    assertThat(faults.strike(Fault.PUBLISH)).isEmpty();
  }

  @Test
  void aServiceThatOffersNoneHasNoRoutes() {
    assertThat(new Faults(clock, Set.of()).routes()).isEmpty();
  }

  private Reply call(String method, String body) throws Exception {
    return route(method)
        .action()
        .answer(new Request(Map.of(), Map.of("host", "127.0.0.1:4101"), body.getBytes(UTF_8)));
  }

  private Route route(String method) {
    return faults.routes().stream()
        .filter(r -> r.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  private static String text(Reply reply) {
    return new String(reply.body(), UTF_8);
  }
}
