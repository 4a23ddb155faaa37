package dev.troth.watch.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DispatcherTest {
  private final List<Notification> told = new ArrayList<>();
  private final List<Notification> flushed = new ArrayList<>();
  private Outcome answer = new Outcome.Delivered("printed");
  private boolean direct = true;

  private final Channel console =
      new Channel() {
        @Override
        public String name() {
          return "console";
        }

        @Override
        public boolean isDirect() {
          return direct;
        }

        @Override
        public Outcome deliver(Notification notification) {
          told.add(notification);
          return answer;
        }

        @Override
        public void flush() {
          flushed.addAll(told.subList(flushed.size(), told.size()));
        }
      };

  private Dispatcher dispatcher(FanOutStore store, int page, int slice, int held) {
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    return new Dispatcher(
        store,
        Map.of("console", console),
        new Dispatcher.Timing(clock, RetryPolicy.STANDARD, new Random(1)),
        new Dispatcher.Limits(page, slice, held));
  }

  @Test
  void whoeverIsKilledBetweenTellingAndCommitRepeatsAPageAndLosesNothing() {
    Property.of("every watcher is told at least once over crashes")
        .runs(300, 30_000)
        .check(random -> {
          told.clear();
          flushed.clear();
          MemoryFanOuts store = new MemoryFanOuts();
          List<String> targets = List.of("record/1", "record/2", "record/*", "doc/1", "*");
          Map<String, Integer> expected = new HashMap<>();
          int page = 1 + random.nextInt(12);
          Dispatcher dispatcher =
              dispatcher(store, page, 1 + random.nextInt(6), 1 + random.nextInt(5));
          int kills = 0;
          for (int step = 0; step < 60; step++) {
            switch (random.nextInt(4)) {
              case 0 -> store.watch("user" + step, targets.get(random.nextInt(5)));
              case 1, 2 -> {
                Change change = store.change(targets.get(random.nextInt(2)));
                for (Watch watch : store.watches) {
                  if (watch.target().covers(change.subject())) {
                    expected.put(change.seq() + " " + watch.user(), 0);
                  }
                }
              }
              default -> {
                store.killNextCommit = random.nextBoolean();
                try {
                  var _ = dispatcher.page();
                  store.killNextCommit = false;
                } catch (MemoryFanOuts.Killed killed) {
                  kills++;
                  dispatcher.reset();
                }
              }
            }
          }
          while (dispatcher.page()) {
            assertThat(store.commits).isLessThan(100_000);
          }
          Map<String, Integer> counts = new HashMap<>();
          for (Notification one : told) {
            counts.merge(one.change().seq() + " " + one.watch().user(), 1, Integer::sum);
          }
          assertThat(counts.keySet()).isEqualTo(expected.keySet());
          assertThat(told.size() - counts.size()).isLessThanOrEqualTo(kills * page);
        });
  }

  @Test
  void aWatcherIsToldOfASubjectInTheOrderOfItsVersions() {
    Property.of("versions rise for each watcher")
        .runs(200, 20_000)
        .check(random -> {
          told.clear();
          flushed.clear();
          MemoryFanOuts store = new MemoryFanOuts();
          for (int i = 0; i < 12; i++) {
            store.watch("user" + i, i % 3 == 0 ? "record/*" : "record/" + i % 3);
          }
          for (int i = 0; i < 20; i++) {
            store.change("record/" + (1 + random.nextInt(2)));
          }
          Dispatcher dispatcher =
              dispatcher(store, 1 + random.nextInt(9), 1 + random.nextInt(4), 3);
          while (dispatcher.page()) {
            assertThat(store.commits).isLessThan(10_000);
          }
          Map<String, Long> last = new HashMap<>();
          for (Notification one : told) {
            Long before =
                last.put(one.watch().user() + " " + one.change().subject(), one.change().version());
            assertThat(one.change().version()).isGreaterThan(before == null ? 0 : before);
          }
        });
  }

  @Test
  void aFanOutOfManyDelaysAFanOutOfOneByOneSliceOnly() {
    MemoryFanOuts store = new MemoryFanOuts();
    for (int i = 0; i < 5_000; i++) {
      store.watch("crowd" + i, "record/1");
    }
    store.watch("ann", "record/2");
    store.change("record/1");
    store.change("record/1");
    store.change("record/2");
    Dispatcher dispatcher = dispatcher(store, 500, 100, 1_000);
    assertThat(dispatcher.page()).isTrue();
    assertThat(told).hasSize(500);
    assertThat(told.subList(0, 101))
        .anySatisfy(one -> assertThat(one.watch().user()).isEqualTo("ann"));
  }

  @Test
  void manySmallChangesShareOnePageAndOneCommit() {
    MemoryFanOuts store = new MemoryFanOuts();
    for (int i = 1; i <= 40; i++) {
      store.watch("user" + i, "record/" + i);
      store.change("record/" + i);
    }
    Dispatcher dispatcher = dispatcher(store, 500, 100, 1_000);
    assertThat(dispatcher.page()).isTrue();
    assertThat(told).hasSize(40);
    assertThat(store.looks).isEqualTo(1);
    assertThat(store.commits).isEqualTo(1);
    assertThat(dispatcher.page()).isFalse();
  }

  @Test
  void whatAChannelGatheredGoesOutBeforeThePageIsCommitted() {
    MemoryFanOuts store = new MemoryFanOuts();
    store.watch("ann", "record/1");
    store.watch("bob", "record/1");
    store.change("record/1");
    store.beforeCommit = () -> assertThat(flushed).hasSize(2);
    assertThat(dispatcher(store, 500, 100, 1_000).page()).isTrue();
    assertThat(store.commits).isEqualTo(1);
  }

  @Test
  void whatThePageCannotSettleIsOwed() {
    MemoryFanOuts store = new MemoryFanOuts();
    store.watch("ann", "record/1");
    store.change("record/1");
    answer = new Outcome.Failed("disk full", Duration.ZERO);
    assertThat(dispatcher(store, 5, 5, 5).page()).isTrue();
    assertThat(store.owed)
        .singleElement()
        .satisfies(owed -> {
          assertThat(owed.delivery().state()).isEqualTo(Delivery.State.PENDING);
          assertThat(owed.delivery().attempts()).isEqualTo(1);
          assertThat(owed.delivery().note()).isEqualTo("disk full");
        });
  }

  @Test
  void aPageThatIsWrittenDownIsAFifthAsLongAndLeavesNobodyOut() {
    MemoryFanOuts store = new MemoryFanOuts();
    for (int i = 0; i < 250; i++) {
      store.watch("user" + i, "record/1");
    }
    store.change("record/1");
    direct = false;
    Dispatcher dispatcher = dispatcher(store, 500, 100, 1_000);
    List<Integer> pages = new ArrayList<>();
    int owed = 0;
    while (dispatcher.page()) {
      pages.add(store.owed.size() - owed);
      owed = store.owed.size();
    }
    assertThat(pages).filteredOn(page -> page > 0).containsExactly(100, 100, 50);
    assertThat(store.owed)
        .extracting(one -> one.notification().watch().user())
        .doesNotHaveDuplicates()
        .hasSize(250);
  }
}
