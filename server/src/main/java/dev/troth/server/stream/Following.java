package dev.troth.server.stream;

import dev.troth.server.auth.Right;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.ChangeView;
import dev.troth.server.inbox.InboxItem;
import dev.troth.server.inbox.NotificationView;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One open stream: where it is in the log, and what it still has to say. Used by one thread. */
final class Following {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** A page says that it has lost the platform when it missed two of these. */
  private static final Duration BEAT = Duration.ofSeconds(4);

  private static final Duration RECONNECT = Duration.ofSeconds(2);
  private static final int BATCH = 128;

  /** Further behind than this, loading afresh is quicker for both sides. */
  private static final long FURTHEST_BACK = 10_000;

  /** Which events are sent. */
  enum Kind {
    ALL,
    MOVED;

    static Kind parse(String text) {
      return switch (text) {
        case "all" -> ALL;
        case "moved" -> MOVED;
        default ->
            throw new IllegalArgumentException(
                "events is '%s', expected all or moved".formatted(text));
      };
    }
  }

  /**
   * What a client asks for.
   *
   * @param targets whose changes; all if there is none
   */
  record Wanted(Kind kind, List<Target> targets) {
    boolean covers(Subject subject) {
      return targets.isEmpty() || targets.stream().anyMatch(target -> target.covers(subject));
    }
  }

  /** The first words of a stream, and those when it begins again. */
  private record Here(String epoch, long seq, String user, Instant now) {}

  private record Moved(long seq, List<String> topics) {}

  private record Told(int unread, NotificationView item) {}

  private final Followed followed;
  private final WrittenChanges written;
  private final EventStream stream;
  private final Right right;
  private final Wanted wanted;
  private final InboxFollower inbox;
  private final Movements movements;
  private long seq;
  private long spoke = System.nanoTime();

  /**
   * @param written what streams have written of the newest changes
   */
  Following(
      Followed followed, WrittenChanges written, EventStream stream, Right right, Wanted wanted) {
    this.followed = followed;
    this.written = written;
    this.stream = stream;
    this.right = right;
    this.wanted = wanted;
    this.inbox = new InboxFollower(followed, right.caller());
    this.movements = new Movements(followed.revisions(), right.caller().user(), System::nanoTime);
  }

  /** Says hello and finds the place to go on after. */
  void begin(String resume) throws IOException {
    ChangeFeed.Position start = position();
    Here here =
        new Here(start.epoch(), start.head(), right.caller().user(), followed.clock().instant());
    stream.retry(RECONNECT);
    seq = start.head();
    if (resume.isEmpty()) {
      // With an id, so that a client that is cut off before the first change misses none.
      stream.event("hello", followed.changes().position(seq), here);
      stream.send();
      return;
    }
    stream.event("hello", here);
    OptionalLong from = followed.changes().resume(resume);
    if (from.isEmpty() || start.head() - from.getAsLong() > FURTHEST_BACK) {
      stream.event("reset", followed.changes().position(seq), here);
    } else {
      seq = from.getAsLong();
    }
    stream.send();
  }

  /** Whether the right that opened the stream still holds. */
  boolean mayGoOn() {
    return right.holds().getAsBoolean();
  }

  ChangeFeed.Position position() {
    return followed.changes().feed().position();
  }

  /** Says what is new, and sends it together. */
  void tell() throws IOException {
    tellAll();
    stream.send();
  }

  private void tellAll() throws IOException {
    List<Change> changes = followed.changes().after(seq, BATCH);
    for (Change change : changes) {
      // Asked anew for each change: a right may end between two of them.
      if (wanted.covers(change.subject()) && isVisible(change.subject())) {
        if (!mayGoOn()) {
          return;
        }
        tell(change);
      }
      seq = change.seq();
    }
    OptionalInt unread = inbox.recount();
    if (unread.isPresent()) {
      movements.inbox();
      if (wanted.kind() == Kind.ALL) {
        say("inbox", Map.of("unread", unread.getAsInt()));
      }
    }
    List<String> topics = movements.take();
    if (!topics.isEmpty()) {
      say("moved", new Moved(seq, topics));
    }
  }

  private void tell(Change change) throws IOException {
    movements.changed(change);
    Optional<InboxItem> item = inbox.hear(change);
    if (item.isPresent()) {
      movements.inbox();
    }
    if (wanted.kind() == Kind.ALL) {
      stream.add(written.of(change.seq(), () -> event(change)));
      spoke = System.nanoTime();
      if (item.isPresent()) {
        say("inbox", new Told(inbox.unread(), NotificationView.of(item.get())));
      }
    }
  }

  private byte[] event(Change change) {
    String id = followed.changes().position(change.seq());
    return EventStream.written("change", id, ChangeView.of(change));
  }

  private boolean isVisible(Subject subject) {
    return followed.visibility().isOpen(subject.type())
        || followed
            .database()
            .read(handle -> followed.visibility().to(handle, right.caller()).test(subject));
  }

  /** Waits for the next change, or until something else is due. */
  void await(ChangeFeed.Position seen) throws IOException, InterruptedException {
    if (seq < seen.head()) {
      return;
    }
    followed.changes().feed().await(seen, longest());
    if (System.nanoTime() - spoke >= pause().toNanos()) {
      if (wanted.kind() == Kind.MOVED) {
        say("beat", Map.of("seq", seq));
      } else {
        stream.heartbeat();
        spoke = System.nanoTime();
      }
      stream.send();
    }
  }

  private Duration longest() {
    Duration untilBeat = pause().minusNanos(System.nanoTime() - spoke);
    Duration longest = untilBeat.compareTo(Movements.LOOK) < 0 ? untilBeat : Movements.LOOK;
    Duration untilEnd =
        right.until().map(end -> Duration.between(followed.clock().instant(), end)).orElse(longest);
    return untilEnd.compareTo(longest) < 0 ? untilEnd : longest;
  }

  private Duration pause() {
    return wanted.kind() == Kind.MOVED ? BEAT : HEARTBEAT;
  }

  private void say(String event, Object data) throws IOException {
    stream.event(event, data);
    spoke = System.nanoTime();
  }
}
