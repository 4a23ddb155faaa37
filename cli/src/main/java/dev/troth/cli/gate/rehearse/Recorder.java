package dev.troth.cli.gate.rehearse;

import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.serve.VerdictListener;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records the verdicts of a gate into a file. Who answers a request leaves a copy of its token here
 * and goes on; one thread of its own hashes it, finds who signed it and forgets it. What comes
 * faster than that is counted as missed.
 *
 * <pre>{@code
 * try (Recorder recorder = Recorder.start(file, claims, rings, clock, problems)) {
 *   GateChecker checker = new GateChecker(gate, clock, recorder);
 * }
 * }</pre>
 */
public final class Recorder implements VerdictListener, AutoCloseable {
  private static final int MOST_WAITING = 4096;
  private static final long MOST_WAITING_BYTES = 4 << 20;
  private static final int MOST_PATH_CHARS = 512;
  private static final Duration WRITE_EVERY = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration TO_END = Duration.ofSeconds(10);

  /** Refusals of tokens that no keys and no rules could make acceptable. */
  private static final Set<Reason> UNREAD =
      Set.of(
          Reason.TOKEN_MALFORMED,
          Reason.ENCODING_INVALID,
          Reason.HEADER_INVALID,
          Reason.MEMBER_DUPLICATE,
          Reason.LIMIT_EXCEEDED,
          Reason.ALG_NONE,
          Reason.SIGNATURE_MISSING);

  /** Refusals of tokens that perhaps nobody signed. */
  private static final Set<Reason> UNPROVEN =
      Set.of(
          Reason.TOKEN_TOO_LARGE,
          Reason.ALG_NOT_ALLOWED,
          Reason.CRIT_NOT_UNDERSTOOD,
          Reason.TYP_NOT_ALLOWED,
          Reason.KEY_NOT_FOUND,
          Reason.SIGNATURE_INVALID,
          Reason.ISSUER_NOT_ALLOWED);

  private final RecordingFile file;
  private final Recording recording;
  private final Supplier<List<Keyring>> rings;
  private final InstantSource clock;
  private final Consumer<String> problems;
  private final BlockingQueue<Told> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final Map<String, List<Keyring>> unknown = new HashMap<>();
  private final Duration every;
  private final Thread thread;
  private volatile boolean ends;
  private boolean changed = true;
  private boolean failing;
  private boolean surprised;

  @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
  private record Told(byte[] token, Reason reason, @Nullable Place place, Instant at) {}

  private Recorder(
      RecordingFile file,
      Recording recording,
      Supplier<List<Keyring>> rings,
      InstantSource clock,
      Consumer<String> problems,
      Duration every) {
    this.file = file;
    this.recording = recording;
    this.rings = rings;
    this.clock = clock;
    this.problems = problems;
    this.every = every;
    thread = Thread.ofPlatform().name("gate-recorder").daemon().unstarted(this::run);
  }

  /**
   * Goes on with what the file holds.
   *
   * @param claims names of claims that rules look at, beside the usual ones
   * @param rings the present keys, in the order of the gate's trusts
   * @param problems is told when the file cannot be written, and when it can again
   */
  public static Recorder start(
      Path path,
      Collection<String> claims,
      Supplier<List<Keyring>> rings,
      InstantSource clock,
      Consumer<String> problems) {
    return start(path, claims, rings, clock, problems, WRITE_EVERY);
  }

  static Recorder start(
      Path path,
      Collection<String> claims,
      Supplier<List<Keyring>> rings,
      InstantSource clock,
      Consumer<String> problems,
      Duration every) {
    Set<String> names = new LinkedHashSet<>(TokenParts.USUAL_CLAIMS);
    claims.stream().sorted().forEach(names::add);
    RecordingFile file = RecordingFile.open(path);
    Recorder recorder =
        new Recorder(
            file,
            file.recording(new ArrayList<>(names), clock.instant()),
            rings,
            clock,
            problems,
            every);
    recorder.write();
    recorder.thread.start();
    return recorder;
  }

  @Override
  public void told(byte[] token, Reason reason, @Nullable Place place) {
    long bytes = token.length;
    if (waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES
        || !waiting.offer(new Told(token, reason, place, clock.instant()))) {
      waitingBytes.addAndGet(-bytes);
      missed.incrementAndGet();
    }
  }

  private void run() {
    long written = System.nanoTime();
    while (!ends) {
      try {
        Told next = waiting.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null) {
          take(next);
        }
      } catch (InterruptedException stopped) {
        break;
      }
      if (System.nanoTime() - written > every.toNanos()) {
        write();
        written = System.nanoTime();
      }
    }
    for (Told last = waiting.poll(); last != null; last = waiting.poll()) {
      take(last);
    }
    write();
  }

  /** Whatever a stranger may have sent: the recording goes on. */
  private void take(Told told) {
    try {
      record(told);
    } catch (RuntimeException e) {
      recording.leftOut(1);
      if (!surprised) {
        surprised = true;
        problems.accept("a token is left out of the recording: " + e);
      }
    }
  }

  private void record(Told told) {
    waitingBytes.addAndGet(-told.token().length);
    changed = true;
    Optional<TokenParts> parts =
        UNREAD.contains(told.reason())
            ? Optional.empty()
            : TokenParts.of(told.token(), recording.claims());
    if (parts.isEmpty()) {
      recording.unread(told.reason(), 1);
      return;
    }
    if (!parts.get().isReadable()) {
      recording.leftOut(1);
      return;
    }
    String hash = sha256(told.token());
    Use use = use(told);
    Optional<Recorded> known = recording.find(hash);
    if (known.isPresent()) {
      recording.used(known.get(), use);
      recording
          .find(hash)
          .filter(token -> !token.isGenuine())
          .ifPresent(token -> lookAgain(token, told, parts.get()));
      return;
    }
    if (recording.isFullOfStrangers() && UNPROVEN.contains(told.reason())) {
      // Who sends forged tokens without end costs no arithmetic.
      recording.leftOut(1);
      return;
    }
    List<Keyring> present = rings.get();
    Signers.Found found = Signers.find(told.token(), parts.get(), present);
    recording.add(
        new Recorded(
            hash,
            told.token().length,
            parts.get().header(),
            parts.get().claims(),
            found.signer(),
            found.tried(),
            List.of(use)));
    note(hash, present);
  }

  /** A token that no key had signed may be one of a key that came since. */
  private void lookAgain(Recorded token, Told told, TokenParts parts) {
    List<Keyring> present = rings.get();
    if (!isSame(present, unknown.getOrDefault(token.hash(), List.of()))) {
      recording.signed(token, Signers.find(told.token(), parts, present));
      note(token.hash(), present);
    }
  }

  private void note(String hash, List<Keyring> present) {
    if (recording.find(hash).filter(token -> !token.isGenuine()).isPresent()) {
      unknown.put(hash, present);
    } else {
      unknown.remove(hash);
    }
    if (unknown.size() > 2 * Recording.MOST_STRANGERS * Recording.TOKENS_A_CALLER) {
      unknown.keySet().removeIf(one -> recording.find(one).isEmpty());
    }
  }

  @SuppressWarnings("ReferenceEquality") // the objects that were seen, not ones like them
  private static boolean isSame(List<Keyring> some, List<Keyring> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) != others.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** The query of a path is for no rule, and may hold what nobody should keep. */
  private static Use use(Told told) {
    Place place = told.place();
    if (place == null) {
      return new Use(told.reason(), null, false, 1, told.at());
    }
    String path = place.path().split("[?#]", 2)[0];
    boolean isLong = path.length() > MOST_PATH_CHARS || place.method().length() > MOST_PATH_CHARS;
    return isLong
        ? new Use(told.reason(), null, true, 1, told.at())
        : new Use(told.reason(), new Place(place.method(), path), false, 1, told.at());
  }

  private void write() {
    long lost = missed.getAndSet(0);
    recording.missed(lost);
    changed |= lost > 0;
    if (!changed && !failing) {
      return;
    }
    try {
      file.write(recording);
      changed = false;
      if (failing) {
        failing = false;
        problems.accept("the recording is written again");
      }
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        failing = true;
        problems.accept(
            "the recording cannot be written, and is kept in memory: " + e.getMessage());
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** Writes what is waiting. */
  @Override
  public void close() {
    ends = true;
    try {
      thread.join(TO_END);
      file.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException closed) {
      // The lock goes with the process.
    }
  }
}
