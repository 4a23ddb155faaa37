package dev.troth.watch.fanout;

import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A fan-out store in memory, whose commit can be made to fail as a killed process would. */
final class MemoryFanOuts implements FanOutStore, FanOutStore.Reads {
  static final class Killed extends RuntimeException {
    Killed() {
      super("killed before the commit");
    }
  }

  final Map<Long, Change> changes = new TreeMap<>();
  final TreeMap<Long, FanOut> open = new TreeMap<>();
  final List<Watch> watches = new ArrayList<>();
  final List<PendingDelivery> owed = new ArrayList<>();
  private final Map<Subject, Long> versions = new HashMap<>();
  int looks;
  int commits;
  boolean killNextCommit;
  Runnable beforeCommit = () -> {};

  Watch watch(String user, String target) {
    WatchSettings wish = WatchSettings.all().on(Set.of("console"));
    Watch watch =
        new Watch(
            watches.size() + 1,
            user,
            Target.parse(target),
            wish,
            new Watch.Term(changes.size(), Long.MAX_VALUE));
    watches.add(watch);
    return watch;
  }

  Change change(String subject) {
    NewChange what = NewChange.of(Subject.parse(subject), "record.updated", "writer");
    long seq = changes.size() + 1L;
    long version = versions.merge(what.subject(), 1L, Long::sum);
    Change change = new Change(seq, version, Instant.EPOCH, what);
    changes.put(seq, change);
    open.put(seq, FanOut.start(seq, what.subject(), watches.size()));
    return change;
  }

  @Override
  public <T> T look(Function<Reads, T> page) {
    looks++;
    return page.apply(this);
  }

  @Override
  public List<FanOut> open(long afterSeq, int limit) {
    return open.tailMap(afterSeq, false).values().stream().limit(limit).toList();
  }

  @Override
  public Change change(long seq) {
    return Objects.requireNonNull(changes.get(seq));
  }

  @Override
  public List<Watch> audience(FanOut fanOut, int limit) {
    Target target = fanOut.targets().get(fanOut.stage());
    return watches.stream()
        .filter(watch -> watch.target().equals(target))
        .filter(watch -> watch.id() > fanOut.cursor() && watch.id() <= fanOut.greatest())
        .limit(limit)
        .toList();
  }

  @Override
  public void commit(List<FanOut> positions, List<PendingDelivery> stillOwed) {
    if (killNextCommit) {
      killNextCommit = false;
      throw new Killed();
    }
    commits++;
    beforeCommit.run();
    owed.addAll(stillOwed);
    for (FanOut position : positions) {
      if (position.isDone()) {
        open.remove(position.seq());
      } else {
        open.put(position.seq(), position);
      }
    }
  }

  @Override
  public boolean tookPart(String user, Change change) {
    return false;
  }
}
