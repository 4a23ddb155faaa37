package dev.troth.observe.span;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.capture.Address;
import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A proxy that passes the trace context on, as nginx does with all headers. */
final class CorrelationTest {
  private static final String CONTEXT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final Address HOST = new Address(false, 0x0100007f, 0);
  private static final Target PROXY = target(1);
  private static final Target BEHIND = target(2);

  private final Correlation correlation =
      new Correlation(new SplittableRandom(7), (process, thread) -> "");
  private final Map<Exchange, Operation> decided = new HashMap<>();
  private @org.jspecify.annotations.Nullable TraceParent written;

  @Test
  void aForwardedContextJoinsTheCallToTheRequestThatCameWithIt() {
    Exchange in = begin(PROXY, Role.SERVER, 80, 5_001, 10, CONTEXT);
    Exchange out = begin(PROXY, Role.CLIENT, 5_002, 81, 20, CONTEXT);
    Exchange behind = begin(BEHIND, Role.SERVER, 81, 5_002, 20, CONTEXT);
    end(behind, out, in);
    assertThat(operation(in).parent()).isEqualTo(0xb7ad6b7169203331L);
    assertThat(operation(out).parent()).isEqualTo(operation(in).id());
    assertThat(operation(behind).parent()).isEqualTo(operation(out).id());
    assertThat(correlation.unjoined()).isZero();
  }

  @Test
  void ofTwoRequestsWithTheSameContextNeitherIsGuessed() {
    Exchange one = begin(PROXY, Role.SERVER, 80, 5_001, 10, CONTEXT);
    Exchange again = begin(PROXY, Role.SERVER, 80, 5_003, 10, CONTEXT);
    Exchange out = begin(PROXY, Role.CLIENT, 5_002, 81, 20, CONTEXT);
    end(out, one, again);
    assertThat(operation(out).parent()).isEqualTo(0xb7ad6b7169203331L);
  }

  @Test
  void aCallAmidRequestsThatNothingJoinsIsARootAndCounted() {
    Exchange in = begin(PROXY, Role.SERVER, 80, 5_001, 10, CONTEXT);
    Exchange out = begin(PROXY, Role.CLIENT, 5_002, 81, 20, null);
    end(out, in);
    Exchange alone = begin(PROXY, Role.CLIENT, 5_004, 81, 20, null);
    end(alone);
    assertThat(operation(out).parent()).isZero();
    assertThat(operation(alone).parent()).isZero();
    assertThat(correlation.unjoined()).isEqualTo(1);
  }

  @Test
  void aCallIntoWhichAContextWasWrittenIsWhatThatNames() {
    String line = "00-11111111111111112222222222222222-3333333333333333-01";
    written = TraceParent.parse(line).orElseThrow();
    Exchange out = begin(PROXY, Role.CLIENT, 5_002, 81, 20, line);
    written = null;
    Exchange behind = begin(BEHIND, Role.SERVER, 81, 5_002, 20, line);
    end(behind, out);
    assertThat(operation(out).id()).isEqualTo(0x3333333333333333L);
    assertThat(operation(out).parent()).isZero();
    assertThat(operation(out).traceHigh()).isEqualTo(0x1111111111111111L);
    assertThat(operation(behind).parent()).isEqualTo(operation(out).id());
    assertThat(operation(behind).traceLow()).isEqualTo(operation(out).traceLow());
  }

  private Operation operation(Exchange exchange) {
    return java.util.Objects.requireNonNull(decided.get(exchange));
  }

  private Exchange begin(
      Target target,
      Role role,
      int port,
      int remote,
      int position,
      @org.jspecify.annotations.Nullable String context) {
    Facts facts = new Facts.Http("GET", "/", "1.1", List.<Header>of(), List.of(), 0);
    Exchange exchange = new Exchange(role, new Place(position, 0, 1_000, 7, false), facts, context);
    Connection connection = new Connection(target, port, new Ends(HOST, port, HOST, remote, 1));
    correlation.began(connection, exchange, written);
    return exchange;
  }

  private void end(Exchange... exchanges) {
    for (Exchange exchange : exchanges) {
      exchange.ended(Exchange.Outcome.COMPLETE, 2_000, 0);
      correlation.ended(exchange, 2_000);
    }
    correlation.settle(
        2 * Correlation.SETTLE_NANOS, operation -> decided.put(operation.exchange(), operation));
  }

  private static Target target(int process) {
    return new Target(process, 1, RuntimeKind.OTHER, "proxy", Map.of());
  }
}
