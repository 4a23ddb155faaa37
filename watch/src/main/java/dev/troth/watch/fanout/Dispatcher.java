package dev.troth.watch.fanout;

import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Change;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.RetryPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Tells the watchers of each change, page by page.
 *
 * <p>A page holds at most {@link Limits#page} notifications, from as many changes as fit, and ends
 * with one commit of all their positions. Telling comes first and the commit second: whoever kills
 * the process between them has the page told again, never left out. So each watcher is told at
 * least once, and a crash repeats at most one page.
 *
 * <p>Not thread-safe: one thread calls {@link #page}. It keeps nothing that is not in the store,
 * and after an exception {@link #reset} starts it afresh from there.
 */
public final class Dispatcher {
  /**
   * The bounds of the work.
   *
   * @param page most notifications between two commits, which is what a crash may repeat
   * @param slice most watches of one change before other subjects have their turn
   * @param held most open fan-outs held in memory
   */
  public record Limits(int page, int slice, int held) {
    public static final Limits STANDARD = new Limits(500, 100, 10_000);

    public Limits {
      if (page < 1 || slice < 1 || held < 1) {
        throw new IllegalArgumentException(
            "limits are page %d, slice %d, held %d, expected at least 1 each"
                .formatted(page, slice, held));
      }
    }
  }

  /** What attempts within a page and their repetition depend on. */
  public record Timing(Clock clock, RetryPolicy policy, RandomGenerator random) {}

  private static final int CHANGES = 64;

  private final FanOutStore store;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Limits limits;
  private final Rotation rotation = new Rotation();

  /** Those last read: what has been said never changes. */
  private final Map<Long, Change> changes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Change> eldest) {
          return size() > CHANGES;
        }
      };

  private long loadedUpTo;

  public Dispatcher(
      FanOutStore store, Map<String, Channel> channels, Timing timing, Limits limits) {
    this.store = store;
    this.channels = Map.copyOf(channels);
    this.timing = timing;
    this.limits = limits;
  }

  /** Forgets what is held in memory; the next page reads the store. */
  public void reset() {
    rotation.clear();
    changes.clear();
    loadedUpTo = 0;
  }

  /** Tells one page and commits it. Returns false when nothing was open. */
  public boolean page() {
    load();
    if (rotation.isEmpty()) {
      return false;
    }
    Page page = new Page();
    while (page.left > 0 && !rotation.isEmpty()) {
      FanOut fanOut = rotation.take();
      FanOut position = page.tell(fanOut);
      page.positions.put(position.seq(), position);
      if (!position.isDone()) {
        rotation.giveBack(position);
      }
    }
    store.commit(List.copyOf(page.positions.values()), List.copyOf(page.owed));
    return true;
  }

  private void load() {
    int room = limits.held() - rotation.size();
    if (room <= 0) {
      return;
    }
    for (FanOut fanOut : store.open(loadedUpTo, room)) {
      rotation.add(fanOut);
      loadedUpTo = fanOut.seq();
    }
  }

  /** The work between two commits. */
  private final class Page {
    private final Map<Long, FanOut> positions = new LinkedHashMap<>();
    private final List<PendingDelivery> owed = new ArrayList<>();
    private int left = limits.page();

    /** Tells one slice of a change's watchers; returns how far it came. */
    private FanOut tell(FanOut fanOut) {
      Change change = changes.computeIfAbsent(fanOut.seq(), store::change);
      FanOut position = fanOut;
      // Who is alone makes nobody wait.
      int slice = rotation.isEmpty() ? left : Math.min(limits.slice(), left);
      while (slice > 0 && !position.isDone()) {
        List<Watch> watches = store.audience(position, slice);
        for (Watch watch : watches) {
          tell(change, watch);
          position = position.upTo(watch.id());
        }
        if (watches.size() < slice) {
          position = position.nextTarget();
        }
        slice -= watches.size();
      }
      return position;
    }

    private void tell(Change change, Watch watch) {
      left--;
      var reason = watch.reasonFor(change, store);
      if (reason.isEmpty()) {
        return;
      }
      for (String name : watch.wish().channels()) {
        if (!name.equals(WatchSettings.INBOX)) {
          tell(new Notification(change, watch, name, reason.get()));
        }
      }
    }

    private void tell(Notification notification) {
      Channel channel = channels.get(kind(notification.channel()));
      Delivery delivery = Delivery.owed(timing.clock().instant());
      if (channel == null) {
        delivery = attempted(delivery, noSuchChannel(notification));
      } else if (channel.isDirect()) {
        delivery = attempted(delivery, channel.deliver(notification));
      }
      if (delivery.state() != Delivery.State.DELIVERED) {
        owed.add(new PendingDelivery(notification, delivery));
      }
    }

    /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
    private static String kind(String channel) {
      int slash = channel.indexOf('/');
      return slash < 0 ? channel : channel.substring(0, slash);
    }

    private Delivery attempted(Delivery delivery, Outcome outcome) {
      return delivery.after(outcome, timing.clock().instant(), timing.policy(), timing.random());
    }

    private Outcome noSuchChannel(Notification notification) {
      return new Outcome.Refused(
          "channel '%s' is not set up, expected one of %s"
              .formatted(notification.channel(), channels.keySet().stream().sorted().toList()));
    }
  }
}
