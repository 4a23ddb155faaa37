package dev.troth.server.agent;

import dev.troth.server.ops.Metrics;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.Stage;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Watches over the agents that report here: {@code agent/<host>} changes when one begins, misses
 * something, falls silent, or ends. Silence and losses pass mutes, because whoever trusts its
 * figures has to know.
 *
 * <p>One agent a machine is followed, the one that started last. How they stand is in the store
 * alone; here is only when one of them will have been silent for too long.
 */
public final class AgentStage implements Stage {
  private static final String ACTOR = "observe";

  /** Whoever may send telemetry may call a machine anything. */
  private static final int MOST = 1_000;

  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private static final Duration TIDY_EVERY = Duration.ofHours(1);

  private final AgentStore store = new AgentStore();
  private final UnseenStore unseen = new UnseenStore();
  private final ChangeLog<Handle> changes;
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong refusedServices = new AtomicLong();
  private Instant listening = Instant.MIN;
  private Instant tidied = Instant.MIN;
  private Instant due = Instant.MIN;
  private Instant nextDue = Instant.MIN;

  public AgentStage(ChangeLog<Handle> changes) {
    this.changes = changes;
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {
    if (listening.equals(Instant.MIN)) {
      // While the platform was away it heard of nobody.
      listening = now;
    }
    List<Report> reports = Report.of(batches);
    if (reports.isEmpty() && now.isBefore(due)) {
      return;
    }
    Map<String, StoredAgent> agents =
        store.all(handle).stream()
            .collect(Collectors.toMap(StoredAgent::host, Function.identity()));
    for (Report report : reports) {
      StoredAgent before = agents.get(report.host());
      if (before == null && (agents.size() >= MOST || !isSubject(report.host()))) {
        refused.incrementAndGet();
        continue;
      }
      StoredAgent after = before == null ? StoredAgent.of(report, now) : before.heard(report, now);
      agents.put(report.host(), after);
      store.save(handle, after);
      tell(handle, before == null ? "none" : before.state().word(), after);
    }
    List<UnseenReport> missed =
        UnseenReport.of(batches).stream().filter(one -> agents.containsKey(one.host())).toList();
    if (!missed.isEmpty()) {
      refusedServices.addAndGet(unseen.add(handle, missed, now));
    }
    if (tidied.isBefore(now.minus(TIDY_EVERY))) {
      unseen.tidy(handle, now);
      tidied = now;
    }
    Instant next = Instant.MAX;
    for (StoredAgent agent : agents.values()) {
      if (!agent.due(listening).isAfter(now)) {
        store.save(handle, agent.silent());
        tell(handle, agent.state().word(), agent.silent());
      } else if (agent.seen().plus(KEPT).isBefore(now)) {
        store.delete(handle, agent.host());
        unseen.forget(handle, agent.host());
      } else if (agent.due(listening).isBefore(next)) {
        next = agent.due(listening);
      }
    }
    nextDue = next;
  }

  private void tell(Handle handle, String before, StoredAgent agent) {
    if (before.equals(agent.state().word())) {
      return;
    }
    NewChange change =
        NewChange.of(new Subject("agent", agent.host()), "agent." + agent.state().word(), ACTOR)
            .before(Fields.of("state", before))
            .after(
                Fields.of(
                    "state",
                    agent.state().word(),
                    "lastHeard",
                    agent.seen().toString(),
                    "missed",
                    agent.missed()));
    changes.append(handle, agent.state().isUrgent() ? change.critical() : change);
  }

  private static boolean isSubject(String host) {
    try {
      return new Subject("agent", host).id().equals(host);
    } catch (IllegalArgumentException wrong) {
      return false;
    }
  }

  @Override
  public void committed() {
    due = nextDue;
  }

  /** What was taken will be sent again; who fell silent is looked at again. */
  @Override
  public void failed(Instant now) {
    due = now.plus(RETRY);
  }

  @Override
  public boolean pending(Instant now) {
    return !now.isBefore(due);
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  /** Whom another platform heard of meanwhile is in the store. */
  @Override
  public void takenOver() {
    listening = Instant.MIN;
    due = Instant.MIN;
  }

  /** Adds what is not followed. */
  public void addTo(Metrics metrics) {
    CounterWithCallback.builder()
        .name("troth_otlp_agents_refused_total")
        .help("Reports of machines beyond those that are followed, or whose names are none.")
        .callback(callback -> callback.call((double) refused.get()))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_otlp_unseen_refused_total")
        .help("Reports of what was not seen of services beyond those that there is room for.")
        .callback(callback -> callback.call((double) refusedServices.get()))
        .register(metrics.registry());
  }
}
