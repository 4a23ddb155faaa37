package dev.troth.server.objective;

import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces.Publish;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Orders whose services report apart: the first half of a request now, the second when it is told
 * to. What is not acknowledged is sent again, as exporters do. It knows the truth.
 */
final class HalvedOrders {
  private final List<TestPlatform> receivers;
  private final Queue<ExportTraceServiceRequest> owed = new ArrayDeque<>();
  private final List<ExportTraceServiceRequest> sent = new ArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private int total;
  private int bad;
  private int turn;

  /** Sends to some platforms in turn; the list may change meanwhile. */
  HalvedOrders(List<TestPlatform> receivers) {
    this.receivers = receivers;
  }

  /** Sends the first halves of so many orders, every fifth of which goes wrong. */
  void begin(int count) {
    for (int i = 0; i < count; i++) {
      var whole = ExportTraceServiceRequest.newBuilder();
      boolean fails = ++total % 5 == 0;
      bad += fails ? 1 : 0;
      new OrderTraces(receivers.getFirst())
          .order(whole, total, fails ? Publish.REFUSED : Publish.TAKEN);
      send(part(whole, total % 2));
      owed.add(part(whole, 1 - total % 2));
    }
  }

  private static ExportTraceServiceRequest part(
      ExportTraceServiceRequest.Builder whole, int number) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(whole.getResourceSpans(number))
        .build();
  }

  /** Sends the second halves of so many orders, the oldest first. */
  void finish(int count) {
    for (int i = 0; i < count; i++) {
      send(owed.remove());
    }
  }

  /** Sends everything once more. */
  void repeat() {
    List.copyOf(sent).forEach(this::send);
  }

  private void send(ExportTraceServiceRequest request) {
    for (int attempt = 0; attempt < 60; attempt++) {
      OrderTraces sender = new OrderTraces(receivers.get(turn++ % receivers.size()));
      if (sender.send(request).statusCode() == 200) {
        sent.add(request);
        return;
      }
      refused.incrementAndGet();
      try {
        // An exporter waits between two attempts too.
        TimeUnit.MILLISECONDS.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError("spans were refused for half a minute");
  }

  /** How often a sender was told to come again. */
  int refused() {
    return refused.get();
  }

  int unsent() {
    return owed.size();
  }

  int total() {
    return total;
  }

  int bad() {
    return bad;
  }
}
