package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

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

  private Unseen of(String service) {
    return ledger.all().stream().filter(one -> one.service().equals(service)).findAny().get();
  }

  @Test
  void lostEventsBelongToTheServiceOfTheirProcessAndOthersToAny() {
    ledger.watched(CART);
    ledger.lost(100, Map.of(7, 60L, 9, 30L), targets::get);
    assertThat(of("orders").lost()).isEqualTo(60);
    assertThat(of("cart").lost()).isZero();
    assertThat(of("").lost()).as("of a process that is no target, and of none").isEqualTo(40);
    targets.put(9, CART);
    ledger.lost(110, Map.of(7, 61L, 9, 35L), targets::get);
    assertThat(of("orders").lost()).isEqualTo(61);
    assertThat(of("cart").lost()).as("the process has become a target").isEqualTo(35);
    assertThat(of("").lost()).as("what was told is never taken back").isEqualTo(40);
  }

  @Test
  void anEventOfAServiceThatPipelinesMayHoldAsManyRequestsAsOneEverDid() {
    ledger.began(ORDERS, 1);
    ledger.began(ORDERS, 16);
    ledger.began(ORDERS, 2);
    ledger.lost(10, Map.of(7, 3L, 8, 2L), targets::get);
    assertThat(of("orders").lost()).isEqualTo(3 * 16);
    assertThat(of("cart").lost()).isEqualTo(2);
    assertThat(of("").lost()).as("5 that may be of any").isEqualTo(5 * 16);
  }

  @Test
  void theNumberOfAProcessThatEndedBelongsToAnotherNext() {
    ledger.lost(60, Map.of(7, 60L), targets::get);
    ledger.forget(7);
    targets.put(7, CART);
    ledger.lost(70, Map.of(7, 10L), targets::get);
    assertThat(of("orders").lost()).isEqualTo(60);
    assertThat(of("cart").lost()).isEqualTo(10);
    assertThat(of("").lost()).isZero();
  }
}
