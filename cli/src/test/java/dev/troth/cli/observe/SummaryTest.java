package dev.troth.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.AgentCounters.Kernel;
import dev.troth.observe.metrics.AgentCounters.Operations;
import dev.troth.observe.metrics.AgentCounters.Trouble;
import dev.troth.observe.metrics.LogCounts;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.metrics.Unread;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  @Test
  void eachServiceIsListedWithWhatIsSeenWhatIsNotAndWhatToDo() {
    AgentCounters counters =
        new AgentCounters(
            2,
            3,
            new Kernel(900, 0, 3, 0, 5, 7, 2),
            300,
            0,
            new Operations(300, 0, 0, 0),
            new Trouble(0, 0, 0, 0),
            List.of(new Unread("orders", 7443, "TLS of Java", 18)));
    List<Sight> sights =
        List.of(
            new Sight(
                "orders",
                List.of(
                    new Sight.Seen("HTTP/1", 3000, 248), new Sight.Seen("PostgreSQL", 5432, 52)),
                5,
                7),
            new Sight("cart", List.of(), 0, 0));
    assertThat(Summary.of(counters, sights, Optional.empty()))
        .containsExactly(
            "orders: seen 248 requests of HTTP/1 at port 3000, 52 requests of PostgreSQL at port"
                + " 5432",
            "cart: no request seen",
            "orders, port 7443: 18 connections not read: TLS of Java; end TLS before it, in a proxy"
                + " such as nginx, or instrument it with OpenTelemetry",
            "orders: 5 messages over unix sockets not read; let it use a TCP port of loopback"
                + " instead",
            "orders: 7 messages not read that passed by io_uring or by other ways than calls that"
                + " read or write; turn io_uring off in the program",
            "2 messages cut short, 3 parts of bodies left out while the ring buffer was crowded; a"
                + " larger limits.ring_bytes or less traffic helps",
            "300 requests, 300 spans, 0 events lost: about 1 request missing, 0 abandoned");
  }

  @Test
  void whatBecameOfLinesIsSaid() {
    LogCounts logs = new LogCounts();
    logs.told(true, false);
    logs.told(false, true);
    logs.binary();
    logs.dropped(2);
    logs.unread();
    logs.crowded(4);
    assertThat(Summary.of(logs, Map.of("orders", 5L)))
        .isEqualTo("2 lines, 1 with the ids of their request, 1 cut, 8 left out, 5 not sent");
  }
}
