package dev.troth.cli.watch;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.watch.WatchAnswers.Bulk;
import dev.troth.cli.watch.WatchAnswers.Failed;
import dev.troth.cli.watch.WatchAnswers.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the records and watchers of the original design over. A row that cannot be taken is named
 * and skipped, and a record that lives here already is never overwritten, so it is safe to repeat.
 */
final class OriginalImport {
  private static final int AT_ONCE = 500;

  private final ApiClient client;
  private final OriginalSource original;
  private final List<String> skipped = new ArrayList<>();
  private final Set<Long> here = new HashSet<>();
  private final Map<String, Set<String>> targets = new HashMap<>();
  private int records;
  private int watches;
  private int standing;

  OriginalImport(ApiClient client, OriginalSource original) {
    this.client = client;
    this.original = original;
  }

  void run() {
    original.records().forEach(this::record);
    List<OriginalSource.Watcher> wanted = new ArrayList<>();
    for (OriginalSource.Watcher watcher : new LinkedHashSet<>(original.watchers())) {
      if (!here.contains(watcher.record())
          && client.find("/api/records/" + watcher.record(), Stored.class).isEmpty()) {
        skipped.add(
            "watcher '%s' of record %d: there is no such record"
                .formatted(watcher.user(), watcher.record()));
      } else if (isWatched(watcher)) {
        standing++;
      } else {
        wanted.add(watcher);
      }
    }
    for (int from = 0; from < wanted.size(); from += AT_ONCE) {
      watch(wanted.subList(from, Math.min(wanted.size(), from + AT_ONCE)));
    }
  }

  /** Rows that were not taken, each with the reason. */
  List<String> skipped() {
    return List.copyOf(skipped);
  }

  String summary() {
    return "imported %d records and %d watches (%d were there already)"
        .formatted(records, watches, standing);
  }

  private void record(OriginalSource.Row row) {
    String path = "/api/records/" + row.id();
    Optional<Stored> found = client.find(path, Stored.class);
    boolean same =
        found
            .filter(record -> row.name().equals(record.name()))
            .filter(record -> row.value().equals(record.value()))
            .isPresent();
    // A record that never changed is the one that a first start makes.
    boolean alive = found.isPresent() && found.get().version() > 0;
    if (same || alive) {
      here.add(row.id());
      if (!same) {
        skipped.add("record %d: it is here with other contents".formatted(row.id()));
      }
      return;
    }
    Optional<String> refused =
        client.putIf(
            path,
            Map.of("name", row.name(), "value", row.value()),
            found.isPresent() ? "\"0\"" : "none");
    if (refused.isPresent()) {
      skipped.add("record %d: %s".formatted(row.id(), refused.get()));
    } else {
      here.add(row.id());
      records++;
    }
  }

  /** Whether the user watches the record already: that watch stays as it is. */
  private boolean isWatched(OriginalSource.Watcher watcher) {
    return targets
        .computeIfAbsent(
            watcher.user(),
            user -> {
              Set<String> watched = new HashSet<>();
              if (!user.isBlank()) {
                WatchAnswers.watches(client, Optional.of(user))
                    .forEach(watch -> watched.add(watch.target()));
              }
              return watched;
            })
        .contains("record/" + watcher.record());
  }

  private void watch(List<OriginalSource.Watcher> part) {
    Bulk answer =
        client
            .post(
                "/api/watches/bulk",
                Map.of("watches", part.stream().map(OriginalImport::body).toList()))
            .as(Bulk.class);
    watches += answer.created();
    standing += answer.standing();
    for (Failed failure : answer.failures()) {
      for (OriginalSource.Watcher watcher : part.subList(failure.index(), failure.end())) {
        skipped.add(
            "watcher '%s' of record %d: %s"
                .formatted(watcher.user(), watcher.record(), failure.detail()));
      }
    }
  }

  private static Map<String, Object> body(OriginalSource.Watcher watcher) {
    return Map.of(
        "user", watcher.user(),
        "target", "record/" + watcher.record(),
        "channels", Set.of("console", "inbox"));
  }
}
