package dev.troth.observe.agent;

import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Event;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.log.LogWatch;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.Operation;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanPolicy;
import dev.troth.observe.span.SpanSink;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Watches processes until it is told to stop:
 *
 * <pre>{@code
 * new Agent(capture, discovery, correlation, policy, outlets, reading, Clocks.SYSTEM).run();
 * }</pre>
 *
 * <p>One thread does all of it, in turns of about 50 ms: events, targets, ends, spans. {@link
 * #stop} may be called from any thread.
 */
public final class Agent {
  private static final long TURN_NANOS = Pace.TURN_NANOS;
  private static final int MOST_EVENTS_A_TURN = 20_000;
  private static final long LOOK_AROUND_NANOS = 5_000_000_000L;
  private static final long EXPIRE_NANOS = 1_000_000_000L;
  private static final long STALLED_NANOS = 5_000_000_000L;

  private final Capture capture;
  private final Discovery discovery;
  private final Correlation correlation;
  private final SpanPolicy policy;
  private final List<SpanSink> sinks;
  private final Clocks clocks;
  private final RequestMetrics metrics;
  private final Consumer<String> log;
  private final UnseenLedger unseen;
  private final Probes probes;
  private final LogWatch lines;
  private final Tracker tracker;
  private final Datagrams datagrams;
  private final Watchdog watchdog;
  private final Map<Integer, Target> targets = new HashMap<>();
  private volatile boolean stopping;
  private volatile AgentCounters counters = AgentCounters.NONE;
  private volatile List<Unseen> missed = List.of();
  private volatile List<Sight> sights = List.of();
  private Pace pace = Pace.UNLIMITED;
  private Set<Target> vanished = Set.of();
  private long spans;
  private long notSampled;
  private long nextLook;
  private long nextExpiry;
  private boolean full;

  Agent(
      Capture capture,
      Discovery discovery,
      Correlation correlation,
      SpanPolicy policy,
      SpanOutputs outlets,
      Reading reading,
      Clocks clocks) {
    this.capture = capture;
    this.discovery = discovery;
    this.correlation = correlation;
    this.policy = policy;
    this.sinks = outlets.sinks();
    this.metrics = outlets.metrics();
    this.clocks = clocks;
    this.watchdog = new Watchdog(outlets.log());
    this.log = outlets.log();
    this.unseen = new UnseenLedger(log);
    this.lines = reading.logs();
    this.probes = new Probes(new TlsWatch(capture, discovery, log), lines);
    this.tracker =
        new Tracker(
            targets::get,
            correlation,
            reading.protocols(),
            reading.receiver(),
            unseen,
            capture::mute,
            probes.tls());
    this.datagrams = new Datagrams(targets::get, correlation, unseen);
  }

  /** Finds the targets that are there and attaches; returns how many there are. */
  public int attach() {
    discovery.scan().values().forEach(this::watch);
    capture.attach();
    // Whoever began to listen between the look around and now.
    discovery.scan().values().forEach(this::watch);
    discovery.note().ifPresent(log);
    nextLook = clocks.monotonic() + LOOK_AROUND_NANOS;
    return targets.size();
  }

  /**
   * Lets the agent's thread work for at most this share of the time; beyond it events wait, and may
   * be lost and counted.
   *
   * @param percent of one processor, 0 for no limit
   */
  public void limitCpu(int percent) {
    pace = new Pace(percent);
  }

  /** Watches until {@link #stop}; then hands over what is complete. */
  public void run() {
    watchdog.begin(clocks.monotonic());
    while (!stopping) {
      long begin = clocks.monotonic();
      watchdog.turn(begin);
      int events = turn();
      long pause = pace.pause(clocks.monotonic() - begin, events);
      watchdog.rest(clocks.monotonic(), pause);
      LockSupport.parkNanos(pause);
    }
    capture.detach();
    // Nothing is added any more, and what waits is no less true.
    while (turn() == MOST_EVENTS_A_TURN) {}
    finish();
  }

  /** Asks {@link #run} to end. */
  public void stop() {
    stopping = true;
  }

  /** Durations of all requests, also of those that are not sampled. */
  public RequestMetrics metrics() {
    return metrics;
  }

  /** Detaches, for a while. */
  void detach() {
    capture.detach();
  }

  void reattach() {
    capture.attach();
  }

  /** Whether the agent did its work within the last seconds; for any thread. */
  public boolean works() {
    return clocks.monotonic() - watchdog.lastTurn() < STALLED_NANOS;
  }

  /** The requests seen until now. */
  long requests() {
    return tracker.requests() + datagrams.requests();
  }

  /** Lets events come from these targets alone. */
  void watchOnly(List<Target> chosen) {
    for (Target target : targets.values()) {
      if (chosen.contains(target)) {
        capture.watch(target.process());
      } else {
        capture.ignore(target.process());
      }
    }
  }

  /** What was counted until the last turn. */
  public AgentCounters counters() {
    return counters;
  }

  /** What was not seen until the last turn, by service. */
  public List<Unseen> unseen() {
    return missed;
  }

  /** What was seen until the last turn and what was not, by service. */
  public List<Sight> sights() {
    return sights;
  }

  /** The targets of this moment; for the agent's own thread. */
  public List<Target> targets() {
    return List.copyOf(targets.values());
  }

  /** One turn; returns the number of events. */
  int turn() {
    int events = capture.drain(MOST_EVENTS_A_TURN, this::event);
    long now = clocks.monotonic();
    tracker.tick(now);
    datagrams.tick(now);
    settle(now);
    lines.tick(now, clocks.epoch() - now);
    if (now - nextExpiry > 0) {
      nextExpiry = now + EXPIRE_NANOS;
      tracker.expire();
      metrics.expire(now);
      count();
      watchdog.losses(now, counters);
      watchdog.beyond(metrics.edges().others());
    }
    if (now - nextLook > 0) {
      nextLook = now + LOOK_AROUND_NANOS;
      lookAround(events == MOST_EVENTS_A_TURN);
    }
    long epoch = clocks.epoch();
    sinks.forEach(sink -> sink.tick(epoch));
    return events;
  }

  private void finish() {
    long late = clocks.monotonic() + 10 * TURN_NANOS;
    tracker.tick(late);
    tracker.finish();
    settle(late + 10 * TURN_NANOS);
    lines.finish();
    count();
  }

  private void settle(long now) {
    long offset = clocks.epoch() - clocks.monotonic();
    correlation.settle(now, operation -> finished(operation, offset));
  }

  private void finished(Operation operation, long offset) {
    Optional<Span> span = policy.span(operation, offset);
    span.ifPresent(told -> metrics.add(operation, told));
    if (span.isEmpty() || !policy.samples(operation)) {
      notSampled++;
      span.ifPresent(left -> unseen.sampled(left.target()));
      lines.decided(operation, false);
      return;
    }
    lines.decided(operation, true);
    spans++;
    sinks.forEach(sink -> sink.accept(span.get()));
  }

  private void count() {
    Capture.Counters kernel = capture.counters();
    counters =
        new AgentCounters(
            targets.size(),
            tracker.openSockets(),
            new AgentCounters.Kernel(
                kernel.events(),
                kernel.lost(),
                kernel.shed(),
                kernel.unreadable(),
                kernel.unix(),
                kernel.hidden(),
                kernel.cut()),
            requests(),
            tracker.abandoned() + datagrams.abandoned(),
            new AgentCounters.Operations(
                spans, notSampled, correlation.unjoined(), tracker.injections().written()),
            new AgentCounters.Trouble(
                watchdog.stalls(), tracker.faults(), tracker.givenUp(), unseen.strangers()),
            unseen.unread());
    unseen.missed(kernel.missing() + unseen.strangers(), capture.missed(), targets::get);
    unseen.unjoined(correlation.unjoinedByService());
    missed = unseen.all();
    sights = unseen.sights();
  }

  private void event(Event event) {
    switch (event.kind()) {
      case RECEIVED, SENT -> tracker.data(event);
      case DATAGRAM_RECEIVED, DATAGRAM_SENT -> datagrams.event(event);
      case CLOSED -> tracker.closed(event);
      case TLS_RECEIVED, TLS_SENT -> tracker.plain(event);
      case TLS_ENDED -> tracker.plainEnded(event);
      case INJECTED -> tracker.injections().add(event);
      case LOGGED -> lines.written(event, targets.get(event.process()));
      case LISTENING -> look(event.process(), discovery::isAnother);
      case EXECUTED -> {
        probes.executed(event.process());
        look(
            event.process(),
            target -> !discovery.isCertainly(target) && !discovery.isChosenByNumber(target));
      }
      case FORKED -> forked(event.thread(), event.process());
      case EXITED -> exited(event.process());
    }
  }

  /**
   * A process may have become a target, or have stopped being one.
   *
   * @param left whether a target is one no more, if it is not chosen now: children of a target are
   *     targets until they start another program, also when they have ended by now
   */
  private void look(int process, Predicate<Target> left) {
    Optional<Target> found = discovery.look(process);
    Target before = targets.get(process);
    if (found.isPresent()) {
      watch(found.get());
    } else if (before != null && left.test(before)) {
      forget(before);
      if (discovery.isAnother(before)) {
        unseen.left(process, clocks.monotonic());
      }
    }
  }

  private void forked(int parent, int child) {
    Target target = targets.get(parent);
    if (target == null) {
      capture.ignore(child);
    } else {
      watch(discovery.child(child, target));
    }
  }

  private void exited(int process) {
    Target target = targets.get(process);
    if (target != null && !discovery.isAlive(target)) {
      forget(target);
    }
  }

  private void watch(Target target) {
    Target former = targets.get(target.process());
    if (former != null && former.startTicks() != target.startTicks()) {
      ended(former);
    }
    Target before = targets.put(target.process(), target);
    if (before != null && before.startTicks() != target.startTicks()) {
      gone(before);
      probes.executed(before.process());
    } else if (before != null) {
      targets.put(target.process(), before.service().equals(target.service()) ? before : target);
    }
    if (!capture.watch(target.process())) {
      targets.remove(target.process());
      if (!full) {
        full = true;
        log.accept(
            "%s, process %d, is not watched, nor are others: %d are, and there is room for no more"
                .formatted(target.service(), target.process(), targets.size()));
      }
      return;
    }
    probes.begin(target, clocks.monotonic());
    metrics.begun(target.instance());
    unseen.watched(target);
  }

  /** What the process lost is still its own; its number may be given to another. */
  private void ended(Target target) {
    unseen.ended(target, capture.missed(target.process()));
    capture.forgetMissed(target.process());
  }

  private void forget(Target target) {
    ended(target);
    targets.remove(target.process());
    capture.ignore(target.process());
    probes.forget(target.process());
    gone(target);
    if (targets.values().stream().noneMatch(one -> one.instance().equals(target.instance()))) {
      metrics.ended(target.instance(), clocks.monotonic());
    }
  }

  private void gone(Target target) {
    datagrams.gone(target);
    tracker.gone(target);
  }

  private void lookAround(boolean behind) {
    List<Target> dead =
        targets.values().stream().filter(target -> !discovery.isAlive(target)).toList();
    // What one said that has ended may not be read yet, so its end has until a later look.
    Set<Target> gone = behind ? Set.of() : vanished;
    dead.stream().filter(gone::contains).forEach(this::forget);
    vanished = Set.copyOf(dead);
    for (Target target : discovery.scan().values()) {
      Target before = targets.get(target.process());
      if (before == null || vanished.contains(before)) {
        watch(target);
      }
    }
    discovery.note().ifPresent(log);
  }
}
