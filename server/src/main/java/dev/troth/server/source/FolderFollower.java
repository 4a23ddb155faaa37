package dev.troth.server.source;

import dev.troth.server.folder.FileContents;
import dev.troth.server.folder.FileContents.Read;
import dev.troth.server.folder.FileStore;
import dev.troth.server.folder.FileStore.Known;
import dev.troth.server.folder.FolderSource;
import dev.troth.server.folder.FolderSource.Scan;
import dev.troth.server.folder.SeenFile;
import dev.troth.server.rows.LocalDisk;
import dev.troth.server.rows.StreamFailure;
import dev.troth.server.source.Intake.Taken;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.StreamSettings.FolderSettings;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happens to the files of one folder. Only a look through the folder counts; the
 * kernel's notices make it look sooner. A file is read once two looks found it alike, and read
 * again at the next, since a clock's tick can hide a write.
 */
final class FolderFollower implements Streams.Follower {
  private static final long SETTLE_MILLIS = 250;
  private static final long LOOK_MILLIS = 5_000;
  private static final Duration RESTLESS = Duration.ofSeconds(30);
  private static final int PAGE = 50;

  /** The place before every file that was there at first is known. */
  static final String FIRST = "0";

  private static final String KNOWN = "1";

  private final StoredSource source;
  private final FolderSettings settings;
  private final FolderSource folders;
  private final Intake intake;
  private final FileStore store = new FileStore();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable WatchService notices;

  private final Map<String, Known> known = new HashMap<>();

  /** Files that moved: as they were at the last look, and since when they do. */
  private final Map<String, Moving> moving = new HashMap<>();

  private final Set<String> missing = new HashSet<>();
  private final Set<String> young = new HashSet<>();
  private final Set<Path> noticed = new HashSet<>();

  /** Files that could not be read as they are, by their prints. */
  private final Map<String, String> unreadable = new HashMap<>();

  private Map<String, String> refused = Map.of();

  FolderFollower(
      StoredSource source, FolderSettings settings, FolderSource folders, Intake intake) {
    this.source = source;
    this.settings = settings;
    this.folders = folders;
    this.intake = intake;
  }

  private record Moving(String print, long since) {}

  /**
   * What one file came to.
   *
   * @param after null if it is gone
   */
  private record Step(String path, @Nullable Known after, Optional<NewChange> change) {}

  @Override
  public void run() {
    Optional<Place> place = intake.place(source);
    if (place.isEmpty()) {
      return;
    }
    known.putAll(intake.known(source, store));
    try (WatchService service = FileSystems.getDefault().newWatchService()) {
      notices = service;
      follow(service, place.get().at());
    } catch (ClosedWatchServiceException e) {
      // By whoever closes the follower.
    } catch (IOException e) {
      throw new StreamFailure("%s cannot be read: %s".formatted(settings.shown(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(WatchService service, String from) throws InterruptedException {
    String at = from;
    boolean began = false;
    while (closed.getCount() > 0) {
      Scan scan = folders.scan(settings.folder());
      ask(service, scan);
      boolean first = at.equals(FIRST);
      List<Step> steps = steps(scan, first);
      Map<String, String> now = new TreeMap<>(scan.refused());
      List<String> outside = new ArrayList<>();
      now.forEach((path, why) -> {
        if (!why.equals(refused.get(path))) {
          outside.add(why);
        }
      });
      boolean settled = steps.size() < PAGE && moving.isEmpty();
      String to = first && settled ? KNOWN : at;
      if (!steps.isEmpty() || !outside.isEmpty() || !to.equals(at)) {
        if (!intake.take(source, handle -> write(handle, steps, outside), at, to)) {
          return;
        }
        at = to;
        steps.forEach(this::written);
      }
      refused = now;
      if (!began && (!steps.isEmpty() || moving.isEmpty())) {
        // Not before: a folder of which the next file cannot be read is not well.
        intake.began(source);
        began = true;
      }
      boolean soon =
          !moving.isEmpty() || !missing.isEmpty() || !young.isEmpty() || steps.size() == PAGE;
      if (!soon) {
        WatchKey key = service.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        while (key != null) {
          key.pollEvents();
          if (!key.reset() && key.watchable() instanceof Path gone) {
            // One of the same name may be there by now, and is asked for anew.
            noticed.remove(gone);
          }
          key = service.poll();
        }
      }
      boolean _ = closed.await(SETTLE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Without a notice the next look comes by the clock. */
  private void ask(WatchService service, Scan scan) {
    noticed.retainAll(scan.folders());
    for (Path folder : scan.folders()) {
      if (noticed.add(folder)) {
        try {
          var _ =
              LocalDisk.within(
                  folder.toString(),
                  () ->
                      folder.register(
                          service,
                          StandardWatchEventKinds.ENTRY_CREATE,
                          StandardWatchEventKinds.ENTRY_MODIFY,
                          StandardWatchEventKinds.ENTRY_DELETE));
        } catch (IOException e) {
          noticed.remove(folder);
        }
      }
    }
  }

  private List<Step> steps(Scan scan, boolean first) {
    List<Step> steps = new ArrayList<>();
    moving.keySet().retainAll(scan.files().keySet());
    young.retainAll(scan.files().keySet());
    missing.removeAll(scan.files().keySet());
    unreadable.keySet().retainAll(scan.files().keySet());
    for (SeenFile file : scan.files().values()) {
      if (steps.size() == PAGE) {
        return steps;
      }
      Known before = known.get(file.path());
      if (file.print().equals(unreadable.get(file.path()))) {
        // Read again once its rights, or anything else of it, are others.
        scan.refused().put(file.path(), refused.getOrDefault(file.path(), ""));
        continue;
      }
      boolean moved = before == null || !before.print().equals(file.print());
      if (moved && !isAtRest(file)) {
        continue;
      }
      if (moved || young.contains(file.path())) {
        young.remove(file.path());
        step(scan, file, before, first).ifPresent(steps::add);
      }
    }
    for (String path : new TreeSet<>(known.keySet())) {
      if (!scan.files().containsKey(path)
          && scan.sees(path)
          && !missing.add(path)
          && steps.size() < PAGE) {
        Fields fields = known.get(path) instanceof Known gone ? gone.fields() : Fields.none();
        steps.add(
            new Step(
                path,
                null,
                first ? Optional.empty() : Optional.of(change(path, "deleted").before(fields))));
      }
    }
    return steps;
  }

  /** As it was at the look before; what never rests is told without its contents. */
  private boolean isAtRest(SeenFile file) {
    Moving last = moving.get(file.path());
    if (last == null) {
      moving.put(file.path(), new Moving(file.print(), System.nanoTime()));
      return false;
    }
    if (last.print().equals(file.print())) {
      return true;
    }
    if (isRestless(last)) {
      return true;
    }
    moving.put(file.path(), new Moving(file.print(), last.since()));
    return false;
  }

  private static boolean isRestless(Moving moving) {
    return System.nanoTime() - moving.since() > RESTLESS.toNanos();
  }

  private Optional<Step> step(Scan scan, SeenFile file, @Nullable Known before, boolean first) {
    Moving last = moving.get(file.path());
    boolean restless = last != null && isRestless(last);
    Read read = restless ? new Read.Whole(FileContents.tooLong(file)) : FileContents.read(file);
    return switch (read) {
      case Read.Whole(Fields after) -> step(file, before, after, first);
      case Read.Moved() -> {
        moving.putIfAbsent(file.path(), new Moving(file.print(), System.nanoTime()));
        yield Optional.empty();
      }
      case Read.Refused(String why) -> {
        moving.remove(file.path());
        unreadable.put(file.path(), file.print());
        scan.refused().put(file.path(), why);
        yield Optional.empty();
      }
    };
  }

  private Optional<Step> step(SeenFile file, @Nullable Known before, Fields after, boolean first) {
    Optional<NewChange> change =
        first || (before != null && Fields.changed(before.fields(), after).isEmpty())
            ? Optional.empty()
            : Optional.of(
                before == null
                    ? change(file.path(), "created").after(after)
                    : change(file.path(), "changed").before(before.fields()).after(after));
    boolean same = before != null && before.print().equals(file.print());
    return change.isEmpty() && same
        ? Optional.empty()
        : Optional.of(new Step(file.path(), new Known(file.print(), after), change));
  }

  private NewChange change(String path, String what) {
    var about = settings.about(path);
    return NewChange.of(about, about.type() + "." + what, source.actor());
  }

  private Taken write(Handle handle, List<Step> steps, List<String> outside) {
    long seq = 0;
    int count = 0;
    for (Step step : steps) {
      if (step.after() == null) {
        store.remove(handle, source.id(), step.path());
      } else {
        store.put(handle, source.id(), step.path(), step.after());
      }
      if (step.change().isPresent()) {
        seq = intake.append(handle, step.change().get());
        count++;
      }
    }
    return new Taken(count, seq, outside);
  }

  private void written(Step step) {
    moving.remove(step.path());
    missing.remove(step.path());
    if (step.after() == null) {
      known.remove(step.path());
    } else {
      known.put(step.path(), step.after());
      young.add(step.path());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    WatchService open = notices;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It ends by the latch.
      }
    }
  }
}
