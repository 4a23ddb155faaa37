package dev.troth.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.db.Database;
import dev.troth.server.db.Parts;
import dev.troth.watch.delivery.RetryPolicy;
import dev.troth.watch.fanout.Dispatcher;
import dev.troth.watch.fanout.FanOut;
import dev.troth.watch.fanout.FanOutStore;
import dev.troth.watch.fanout.PendingDelivery;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a page of notifications is told. */
class DispatchLoopTest {
  @TempDir Path folder;

  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @Test
  void othersGoBeforeEachPage() {
    FanOutStore store =
        new FanOutStore() {
          @Override
          public <T> T look(Function<Reads, T> page) {
            order.add("page");
            throw new IllegalStateException("the page ends here");
          }

          @Override
          public void commit(List<FanOut> positions, List<PendingDelivery> owed) {}
        };
    Dispatcher dispatcher =
        new Dispatcher(
            store,
            Map.of(),
            new Dispatcher.Timing(Clock.systemUTC(), RetryPolicy.STANDARD, new Random(1)),
            Dispatcher.Limits.STANDARD);
    // Its parts are asked for nothing: one platform has them all.
    Parts parts = new Parts(new Database(folder.resolve("test.db"), 1), "watch");
    CountDownLatch enough = new CountDownLatch(1);
    DispatchLoop loop =
        new DispatchLoop(
            dispatcher,
            new ChangeFeed(),
            parts,
            () -> {
              if (order.size() >= 6) {
                enough.await();
              }
              order.add("others");
            });
    loop.start();
    try {
      await().until(() -> order.size() >= 6);
    } finally {
      enough.countDown();
      loop.stop();
    }
    assertThat(order.subList(0, 6))
        .containsExactly("others", "page", "others", "page", "others", "page");
  }
}
