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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Tells the watchers of each change, page by page.
 *
 * <p>A page holds at most {@link Limits#page} notifications, from as many changes as fit, and ends
 * with one commit of all their positions. Those that are written down in that commit count several
 * times, so that it is short: others who write wait for it. Telling comes first and the commit
 * second: whoever kills the process between them has the page told again, never left out. So each
 * watcher is told at least once, and a crash repeats at most one page.
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

  /** What is written down counts as so many that are told within the page. */
  private static final int WRITTEN_DOWN = 5;

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

  /** Whether the last page was written down. */
  private boolean writingDown;

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
    Page page = store.look(this::gathered);
    if (page.positions.isEmpty()) {
      return false;
    }
    List<PendingDelivery> owed = tell(page.notifications);
    writingDown = !owed.isEmpty();
    store.commit(List.copyOf(page.positions.values()), owed);
    return true;
  }

  /** The next page, of which nobody is told yet. */
  private Page gathered(FanOutStore.Reads reads) {
    load(reads);
    Page page = new Page(reads);
    while (page.left > 0 && !rotation.isEmpty()) {
      FanOut fanOut = rotation.take();
      FanOut position = page.gather(fanOut);
      page.positions.put(position.seq(), position);
      if (!position.isDone()) {
        rotation.giveBack(position);
      }
    }
    return page;
  }

  private void load(FanOutStore.Reads reads) {
    int room = limits.held() - rotation.size();
    if (room <= 0) {
      return;
    }
    for (FanOut fanOut : reads.open(loadedUpTo, room)) {
      rotation.add(fanOut);
      loadedUpTo = fanOut.seq();
    }
  }

  /** Who is told between two commits. */
  private final class Page {
    private final FanOutStore.Reads reads;
    private final Map<Long, FanOut> positions = new LinkedHashMap<>();
    private final List<Notification> notifications = new ArrayList<>();
    private int left = limits.page();

    Page(FanOutStore.Reads reads) {
      this.reads = reads;
    }

    /** Takes one slice of a change's watchers; returns how far it came. */
    private FanOut gather(FanOut fanOut) {
      Change change = changes.computeIfAbsent(fanOut.seq(), reads::change);
      FanOut position = fanOut;
      // Who is alone makes nobody wait.
      int slice = rotation.isEmpty() ? left : Math.min(limits.slice(), left);
      if (writingDown) {
        // Else most of what is read now would be read again for the next page.
        slice = Math.min(slice, Math.max(1, left / WRITTEN_DOWN));
      }
      while (slice > 0 && left > 0 && !position.isDone()) {
        List<Watch> watches = reads.audience(position, slice);
        int gathered = 0;
        while (gathered < watches.size() && left > 0) {
          gather(change, watches.get(gathered));
          gathered++;
        }
        if (gathered > 0) {
          position = position.upTo(watches.get(gathered - 1).id());
        }
        if (gathered == watches.size() && gathered < slice) {
          position = position.nextTarget();
        }
        slice -= gathered;
      }
      return position;
    }

    private void gather(Change change, Watch watch) {
      left--;
      var reason = watch.reasonFor(change, reads);
      if (reason.isEmpty()) {
        return;
      }
      for (String name : watch.wish().channels()) {
        if (!name.equals(WatchSettings.INBOX)) {
          notifications.add(new Notification(change, watch, name, reason.get()));
          left -= isWrittenDown(name) ? WRITTEN_DOWN - 1 : 0;
        }
      }
    }

    private boolean isWrittenDown(String name) {
      Channel channel = channels.get(kind(name));
      return channel == null || !channel.isDirect();
    }
  }

  /** Tells each; returns what is still owed. */
  private List<PendingDelivery> tell(List<Notification> notifications) {
    List<PendingDelivery> owed = new ArrayList<>();
    for (Notification notification : notifications) {
      Channel channel = channels.get(kind(notification.channel()));
      if (channel == null) {
        owed.add(attempted(notification, noSuchChannel(notification)));
      } else if (!channel.isDirect()) {
        owed.add(new PendingDelivery(notification, Delivery.owed(timing.clock().instant())));
      } else {
        Outcome outcome = channel.deliver(notification);
        if (!(outcome instanceof Outcome.Delivered)) {
          owed.add(attempted(notification, outcome));
        }
      }
    }
    channels.values().forEach(Channel::flush);
    return List.copyOf(owed);
  }

  /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
  private static String kind(String channel) {
    int slash = channel.indexOf('/');
    return slash < 0 ? channel : channel.substring(0, slash);
  }

  private PendingDelivery attempted(Notification notification, Outcome outcome) {
    Instant now = timing.clock().instant();
    Delivery delivery = Delivery.owed(now);
    return new PendingDelivery(
        notification, delivery.after(outcome, now, timing.policy(), timing.random()));
  }

  private Outcome noSuchChannel(Notification notification) {
    return new Outcome.Refused(
        "channel '%s' is not set up, expected one of %s"
            .formatted(notification.channel(), channels.keySet().stream().sorted().toList()));
  }
}
