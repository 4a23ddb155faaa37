package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.capture.Capture;
import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.metrics.Unseen;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was not seen is kept by service; what belongs to none may belong to any. */
final class UnseenLedgerTest {
  private static final Target ORDERS = target(7, "orders");
  private static final Target CART = target(8, "cart");

  private final UnseenLedger ledger = new UnseenLedger(line -> {});
  private final Map<Integer, Target> targets = new HashMap<>(Map.of(7, ORDERS, 8, CART));

  private static Target target(int process, String service) {
    return new Target(process, 1, RuntimeKind.OTHER, service, Map.of());
  }

  private static Capture.Missed lost(long events) {
    return new Capture.Missed(events, 0, 0, 0, 0);
  }

  private Unseen of(String service) {
    return ledger.all().stream().filter(one -> one.service().equals(service)).findAny().get();
  }

  @Test
  void lostEventsBelongToTheServiceOfTheirProcessAndOthersToAny() {
    ledger.watched(CART);
    ledger.missed(100, Map.of(7, lost(60), 9, lost(30)), targets::get);
    assertThat(of("orders").lost()).isEqualTo(60);
    assertThat(of("cart").lost()).isZero();
    assertThat(of("").lost()).as("of a process that is no target, and of none").isEqualTo(40);
    targets.put(9, CART);
    ledger.missed(110, Map.of(7, lost(61), 9, lost(35)), targets::get);
    assertThat(of("orders").lost()).isEqualTo(61);
    assertThat(of("cart").lost()).as("the process has become a target").isEqualTo(35);
    assertThat(of("").lost()).as("what was told is never taken back").isEqualTo(40);
  }

  @Test
  void anEventOfAServiceThatPipelinesMayHoldAsManyRequestsAsOneEverDid() {
    ledger.began(ORDERS, 1);
    ledger.began(ORDERS, 16);
    ledger.began(ORDERS, 2);
    ledger.missed(10, Map.of(7, lost(3), 8, lost(2)), targets::get);
    assertThat(of("orders").lost()).isEqualTo(3 * 16);
    assertThat(of("cart").lost()).isEqualTo(2);
    assertThat(of("").lost()).as("5 that may be of any").isEqualTo(5 * 16);
  }

  @Test
  void theRestOfAMessageThatWasCutCountsAsAnEventThatIsLost() {
    ledger.began(ORDERS, 16);
    ledger.missed(5, Map.of(7, new Capture.Missed(2, 0, 0, 0, 3)), targets::get);
    assertThat(of("orders").lost()).isEqualTo(5 * 16);
    ledger.missed(6, Map.of(7, new Capture.Missed(2, 0, 0, 0, 4)), targets::get);
    assertThat(of("orders").lost()).isEqualTo(6 * 16);
    assertThat(of("").lost()).isZero();
  }

  @Test
  void whatAProcessSaidThatIsKnownToBeNoTargetIsNotMissing() {
    ledger.left(7, 1_000);
    ledger.stranger(7, 1_000);
    assertThat(ledger.strangers()).isZero();
    ledger.stranger(7, 1_001);
    ledger.stranger(8, 1_000);
    assertThat(ledger.strangers()).as("its number was given again, and another").isEqualTo(2);
  }

  @Test
  void theNumberOfAProcessThatEndedBelongsToAnotherNext() {
    ledger.missed(60, Map.of(7, lost(60)), targets::get);
    ledger.forget(7);
    targets.put(7, CART);
    ledger.missed(70, Map.of(7, lost(10)), targets::get);
    assertThat(of("orders").lost()).isEqualTo(60);
    assertThat(of("cart").lost()).isEqualTo(10);
    assertThat(of("").lost()).isZero();
  }
}
