package dev.troth.observe.log;

import dev.troth.observe.capture.Event;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.FunctionPlaces;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.metrics.LogCounts;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lines of the targets. A line waits for the place of the request that its thread seems to handle,
 * and is told with that request's ids if it then proves to be its own, else without any. What
 * strangers can make grow is bounded, and what is left out is counted. Not thread-safe.
 */
public final class LogWatch {
  private static final int MOST_FILES = 1_024;
  private static final int MOST_PARTS = 1 << 20;
  private static final int MOST_WAITING = 4_096;
  private static final int MOST_WAITING_BYTES = 2 << 20;
  private static final int LINES_A_SECOND = 10_000;
  private static final long SECOND = 1_000_000_000L;

  /** How long a line waits for the end of its request. */
  private static final long PATIENCE_NANOS = 60 * SECOND;

  /** How long the C library of a process that has just begun is looked for. */
  private static final long LOOKED_FOR_NANOS = 5 * SECOND;

  /** Of a file that was closed before it could be asked for its path. */
  private static final LogLine.Source UNKNOWN = new LogLine.Source("", "");

  /** Output and errors are apart, also where both go to one file. */
  private record Place(int process, long inode, long number, int descriptor) {}

  private static final class Open {
    private final LineJoiner joiner = new LineJoiner();
    private final Target target;
    private LogLine.Source source = UNKNOWN;

    Open(Target target) {
      this.target = target;
    }
  }

  private static final class Waiting {
    private final Open file;
    private final LineJoiner.Joined line;

    /** Decided when its process ended, because nothing more will be known of its threads. */
    private @Nullable Boolean proven;

    Waiting(Open file, LineJoiner.Joined line) {
      this.file = file;
      this.line = line;
    }

    private boolean isOf(Operation request, Correlation correlation) {
      return proven != null
          ? proven
          : correlation.provesLine(request, line.writer().thread(), line.time());
    }
  }

  private final @Nullable WriteProbes probes;
  private final Discovery discovery;
  private final Correlation correlation;
  private final Outlet outlet;
  private final Map<Place, Open> files = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Operation, List<Waiting>> waiting = new IdentityHashMap<>();
  private final Map<Integer, Target> attached = new HashMap<>();
  private final Map<Target, Long> looked = new HashMap<>();
  private int waits;
  private int waitingBytes;
  private int parts;
  private long nextSecond;
  private int linesLeft = LINES_A_SECOND;
  private long offset;

  /**
   * Where lines go, and what is said of them.
   *
   * @param log told of a service whose lines cannot be seen
   */
  public record Outlet(LogSink sink, LogCounts counts, Consumer<String> log) {}

  /**
   * @param probes none if lines are not watched
   */
  public LogWatch(
      Optional<WriteProbes> probes, Discovery discovery, Correlation correlation, Outlet outlet) {
    this.probes = probes.orElse(null);
    this.discovery = discovery;
    this.correlation = correlation;
    this.outlet = outlet;
  }

  /** A process is watched from now on. */
  public void begin(Target target, long now) {
    if (probes != null && !attached.containsKey(target.process()) && !attach(probes, target)) {
      looked.putIfAbsent(target, now);
    }
  }

  private boolean attach(WriteProbes to, Target target) {
    Optional<FunctionPlaces> function = discovery.libraryCall(target, WriteProbes.WRITE);
    if (function.isEmpty()) {
      return false;
    }
    try {
      to.watch(target.process(), function.get());
      attached.put(target.process(), target);
    } catch (KernelException refused) {
      to.forget(target.process());
      attached.put(target.process(), target);
      say(target, "the kernel refuses: " + refused.getMessage());
    }
    return true;
  }

  private void say(Target target, String why) {
    if (outlet.counts.blind(target.service())) {
      outlet.log.accept("lines of " + target.service() + " are not seen: " + why);
    }
  }

  /** The process is watched no more, or runs another program now. */
  public void forget(int process) {
    if (probes == null) {
      return;
    }
    probes.forget(process);
    attached.remove(process);
    looked.keySet().removeIf(target -> target.process() == process);
    for (Iterator<Map.Entry<Place, Open>> all = files.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Place, Open> entry = all.next();
      if (entry.getKey().process == process) {
        all.remove();
        flush(entry.getValue());
      }
    }
    waiting.forEach((request, lines) -> {
      if (request.connection().target().process() == process) {
        lines.forEach(one -> one.proven = one.isOf(request, correlation));
      }
    });
  }

  /** A target is about to write. */
  public void written(Event event, @Nullable Target target) {
    if (target == null || event.captured() == 0) {
      outlet.counts.unread();
      return;
    }
    Place place = new Place(event.process(), event.cookie(), event.session(), event.sent());
    Open file = files.computeIfAbsent(place, added -> new Open(target));
    if (file.source.equals(UNKNOWN)) {
      file.source = source(place);
    }
    int before = file.joiner.held();
    file.joiner.add(
        event.bytes,
        event.captured(),
        event.captured() == event.length(),
        new LineJoiner.Writer(event.thread(), correlation.openOn(target, event.thread())),
        event.time(),
        line -> line(file, line));
    parts += file.joiner.held() - before;
    if (files.size() > MOST_FILES || parts > MOST_PARTS) {
      Iterator<Open> eldest = files.values().iterator();
      Open oldest = eldest.next();
      eldest.remove();
      flush(oldest);
    }
  }

  private LogLine.Source source(Place place) {
    return switch (place.descriptor) {
      case 1 -> new LogLine.Source("stdout", "");
      case 2 -> new LogLine.Source("stderr", "");
      default ->
          discovery
              .openFile(place.process, place.descriptor, place.number)
              .map(path -> new LogLine.Source("", path))
              .orElse(UNKNOWN);
    };
  }

  private void flush(Open file) {
    parts -= file.joiner.held();
    file.joiner.flush(line -> line(file, line));
  }

  private void line(Open file, LineJoiner.Joined line) {
    if (isBinary(line.bytes())) {
      outlet.counts.binary();
      return;
    }
    if (linesLeft == 0) {
      outlet.counts.dropped(1);
      return;
    }
    linesLeft--;
    Operation open = line.writer().open();
    boolean room = waits < MOST_WAITING && waitingBytes < MOST_WAITING_BYTES;
    if (open == null || !room) {
      tell(new Waiting(file, line), Optional.empty());
      return;
    }
    waits++;
    waitingBytes += line.bytes().length;
    waiting.computeIfAbsent(open, added -> new ArrayList<>(2)).add(new Waiting(file, line));
  }

  private static boolean isBinary(byte[] bytes) {
    for (byte one : bytes) {
      if (one == 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * The place of a request is known.
   *
   * @param told whether its span is told of, so that its ids mean something
   */
  public void decided(Operation request, boolean told) {
    List<Waiting> lines = waiting.isEmpty() ? null : waiting.remove(request);
    if (lines == null) {
      return;
    }
    for (Waiting one : lines) {
      tell(
          left(one),
          told && one.isOf(request, correlation)
              ? Optional.of(
                  new LogLine.Request(request.traceHigh(), request.traceLow(), request.id()))
              : Optional.empty());
    }
  }

  private Waiting left(Waiting one) {
    waits--;
    waitingBytes -= one.line.bytes().length;
    return one;
  }

  private void tell(Waiting one, Optional<LogLine.Request> request) {
    LineJoiner.Joined line = one.line;
    int length = line.bytes().length;
    int end = length > 0 && line.bytes()[length - 1] == '\r' ? length - 1 : length;
    outlet.counts.told(request.isPresent(), line.cut());
    outlet.sink.accept(
        new LogLine(
            one.file.target,
            line.time() + offset,
            new String(line.bytes(), 0, end, StandardCharsets.UTF_8),
            one.file.source,
            line.cut(),
            request));
  }

  /**
   * Called about twenty times a second.
   *
   * @param now the monotonic clock's nanoseconds
   * @param epochOffset what to add to it to get nanoseconds since 1970
   */
  public void tick(long now, long epochOffset) {
    if (probes == null) {
      return;
    }
    offset = epochOffset;
    lookAgain(probes, now);
    if (now - nextSecond < 0) {
      return;
    }
    nextSecond = now + SECOND;
    linesLeft = LINES_A_SECOND;
    outlet.counts.crowded(probes.left());
    for (Open file : files.values()) {
      if (file.joiner.held() > 0 && now - file.joiner.last() > SECOND) {
        flush(file);
      }
    }
    release(now);
  }

  private void lookAgain(WriteProbes to, long now) {
    for (Iterator<Map.Entry<Target, Long>> all = looked.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Target, Long> one = all.next();
      if (attach(to, one.getKey())) {
        all.remove();
      } else if (now - one.getValue() > LOOKED_FOR_NANOS) {
        all.remove();
        say(one.getKey(), "it does not write by a C library with its symbols");
      }
    }
  }

  /** Nothing more will be known of requests that were given up, nor soon of those that last. */
  private void release(long now) {
    List<Operation> over = new ArrayList<>();
    waiting.forEach((request, lines) -> {
      if (request.isShared() || now - lines.getFirst().line.time() > PATIENCE_NANOS) {
        over.add(request);
      }
    });
    over.forEach(request -> decided(request, false));
  }

  /** Tells of everything that waits. */
  public void finish() {
    files.values().forEach(this::flush);
    List.copyOf(waiting.keySet()).forEach(request -> decided(request, false));
  }
}
