package dev.troth.server.source;

import dev.troth.server.error.DomainException;
import dev.troth.server.event.Events.TakenView;
import dev.troth.server.http.ProblemException;
import dev.troth.server.rabbit.QueueMessage;
import dev.troth.server.rabbit.QueueStream;
import dev.troth.server.rows.StreamFailure;
import dev.troth.server.source.Intake.Taken;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.StreamSettings.QueueSettings;
import dev.troth.watch.event.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of one queue. Changes are committed, and only then the messages acknowledged:
 * whatever ends between the two, the broker sends them again, and what has an id is known.
 */
final class QueueFollower implements Streams.Follower {
  private static final int PAGE = 100;

  private final StoredSource source;
  private final QueueSettings settings;
  private final Streams.Queues queues;
  private final Intake intake;
  private final Messages messages;
  private volatile boolean closed;
  private volatile @Nullable QueueStream stream;

  QueueFollower(StoredSource source, QueueSettings settings, Streams.Queues queues, Intake intake) {
    this.source = source;
    this.settings = settings;
    this.queues = queues;
    this.intake = intake;
    this.messages = new Messages(queues.events(), settings, source.actor());
  }

  /** A message and what it states, or why it states nothing. */
  private record Read(QueueMessage message, @Nullable CloudEvent event, String why) {}

  @Override
  public void run() {
    Optional<Place> place = intake.place(source);
    if (place.isEmpty()) {
      return;
    }
    try (QueueStream opened = queues.source().read(settings.queue())) {
      stream = opened;
      if (closed) {
        return;
      }
      follow(opened, Long.parseLong(place.get().at()));
    } catch (StreamFailure e) {
      if (!closed) {
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(QueueStream opened, long from) throws InterruptedException {
    long at = from;
    boolean began = false;
    while (!closed) {
      List<QueueMessage> page = opened.take(PAGE);
      if (!page.isEmpty()) {
        List<Read> read = page.stream().map(this::read).toList();
        List<QueueMessage> refused = new ArrayList<>();
        long to = at + page.size();
        if (!intake.take(
            source, handle -> write(handle, read, refused), Long.toString(at), Long.toString(to))) {
          return;
        }
        at = to;
        opened.settle(page, refused);
      }
      if (!began) {
        // Not before: a queue whose next message breaks the stream could be opened, and is not
        // well.
        intake.began(source);
        began = true;
      }
    }
  }

  private Read read(QueueMessage message) {
    try {
      return new Read(message, messages.read(message), "");
    } catch (IllegalArgumentException e) {
      return new Read(message, null, String.valueOf(e.getMessage()));
    } catch (DomainException e) {
      return new Read(message, null, e.detail());
    } catch (ProblemException e) {
      return new Read(message, null, e.problem().detail());
    }
  }

  private Taken write(Handle handle, List<Read> page, List<QueueMessage> refused) {
    refused.clear();
    List<String> reasons = new ArrayList<>();
    int changes = 0;
    long seq = 0;
    for (Read read : page) {
      String why = read.why();
      if (read.event() != null) {
        try {
          TakenView taken = queues.events().take(handle, source.actor(), read.event());
          if (!taken.duplicate()) {
            changes++;
            seq = taken.seq();
          }
          continue;
        } catch (DomainException.Conflict e) {
          why = e.detail();
        }
      }
      refused.add(read.message());
      String id = read.message().id();
      reasons.add("message %s was refused: %s".formatted(id.isEmpty() ? "without an id" : id, why));
    }
    return new Taken(changes, seq, reasons);
  }

  @Override
  public void close() {
    closed = true;
    QueueStream open = stream;
    if (open != null) {
      open.close();
    }
  }
}
