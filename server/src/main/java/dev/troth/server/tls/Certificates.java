package dev.troth.server.tls;

import dev.troth.server.config.ListenAddress;
import dev.troth.server.config.TlsSettings;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of the listeners that speak TLS, read anew when one of its files changes.
 *
 * <p>New connections get the new certificate; those that are open stay. Files that cannot be used,
 * and a certificate that has ended or does not count yet, change nothing: the former one goes on as
 * long as it counts, and health and log say why. A certificate that is too early is taken when its
 * time comes.
 */
public final class Certificates implements Lifecycle {
  private static final System.Logger LOG = System.getLogger("troth.tls");
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** From here on the end of a certificate is a warning. */
  private static final Duration SOON = Duration.ofDays(7);

  private final TlsSettings settings;
  private final CredentialFiles files;
  private final Clock clock;
  private final CurrentKey current = new CurrentKey();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile Runnable renewed = () -> {};
  private volatile Optional<Credentials.Unusable> refused = Optional.empty();
  private volatile Optional<String> obstacle = Optional.empty();
  private volatile boolean open;

  /** What was read and does not count yet, or no more. */
  private Optional<Credentials> waiting = Optional.empty();

  private List<Object> seen = List.of();
  private @Nullable Thread thread;

  public Certificates(TlsSettings settings, Clock clock) {
    this.settings = settings;
    this.files = new CredentialFiles(settings);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "tls";
  }

  /** What to run when the listeners have another certificate. */
  public void onRenewal(Runnable action) {
    renewed = action;
  }

  /** The SHA-256 of the certificate that new connections get, in hexadecimal digits. */
  public String fingerprint() {
    return current.get().fingerprint();
  }

  @Override
  public void start() {
    CredentialFiles.Look first = firstLook();
    Credentials read = first.read();
    if (read == null) {
      Credentials.Unusable why = first.refused();
      throw new CannotStart("tls: " + (why == null ? "no certificate" : why.getMessage()));
    }
    seen = first.versions();
    current.set(read);
    tellOpen(first.open());
    thread = Thread.ofVirtual().name("tls-files").start(this::run);
  }

  private CredentialFiles.Look firstLook() {
    try {
      return files.look(seen);
    } catch (TimeoutException e) {
      throw new CannotStart(
          "tls: %s and %s: not read after %d s, expected files that answer"
              .formatted(
                  settings.certificate(), settings.key(), CredentialFiles.PATIENCE.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("tls: interrupted");
    }
  }

  private void run() {
    try {
      while (!stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        tryToLook();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A look that fails or hangs is told, and the next one comes all the same. */
  private void tryToLook() throws InterruptedException {
    try {
      look();
      obstacle = Optional.empty();
    } catch (TimeoutException e) {
      tellObstacle("they do not answer", null);
    } catch (RuntimeException e) {
      tellObstacle(e.getClass().getSimpleName(), e);
    }
  }

  private void tellObstacle(String what, @Nullable RuntimeException cause) {
    Optional<String> now = Optional.of("the files of the certificate cannot be looked at: " + what);
    if (!now.equals(obstacle)) {
      obstacle = now;
      LOG.log(Level.ERROR, now.get() + "; the former certificate goes on", cause);
    }
  }

  private void look() throws InterruptedException, TimeoutException {
    CredentialFiles.Look look = files.look(seen);
    seen = look.versions();
    if (look.refused() != null) {
      waiting = Optional.empty();
      refuse(look.refused());
    }
    if (look.read() != null) {
      waiting = Optional.of(look.read());
    }
    tellOpen(look.open());
    waiting.ifPresent(this::takeIfNoWorse);
  }

  /** Takes what counts, or what is no worse than the one in use, which does not count either. */
  private void takeIfNoWorse(Credentials next) {
    Instant now = clock.instant();
    Optional<String> fault = next.fault(now);
    Credentials was = current.get();
    if (fault.isPresent() && was.fault(now).isEmpty()) {
      refuse(
          new Credentials.Unusable(
              settings.certificate() + ": " + fault.get(), "tls.certificate-file: " + fault.get()));
      return;
    }
    waiting = Optional.empty();
    refused = Optional.empty();
    if (!next.equals(was)) {
      current.set(next);
      LOG.log(
          Level.INFO, "the listeners have a new certificate, which counts until {0}", next.ends());
      renewed.run();
    }
  }

  private void refuse(Credentials.Unusable why) {
    boolean known = refused.filter(last -> last.inPublic().equals(why.inPublic())).isPresent();
    refused = Optional.of(why);
    if (!known) {
      LOG.log(
          Level.ERROR,
          "the new certificate is not used, the former one goes on: {0}",
          why.getMessage());
    }
  }

  private void tellOpen(boolean now) {
    if (now && !open) {
      LOG.log(
          Level.WARNING,
          "{0}: everybody on this machine may read or write the key, expected rw------- (chmod"
              + " 600)",
          settings.key());
    }
    open = now;
  }

  @Override
  public void stop() {
    stopping.countDown();
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** What is other than it should be, for the health of the platform; without paths. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    obstacle.ifPresent(why -> warnings.add("tls: " + why));
    refused.ifPresent(
        why -> warnings.add("tls: the new certificate is not used: " + why.inPublic()));
    Instant now = clock.instant();
    Credentials used = current.get();
    if (!now.isBefore(used.ends().minus(SOON))) {
      warnings.add("tls: the certificate counts until %s".formatted(used.ends()));
    } else {
      used.fault(now).ifPresent(why -> warnings.add("tls: " + why));
    }
    if (open) {
      warnings.add("tls.key-file: everybody on the machine may read or write it");
    }
    return warnings;
  }

  public void addTo(Metrics metrics) {
    GaugeWithCallback.builder()
        .name("troth_server_certificate_seconds")
        .help("For how long the listeners' certificate still counts.")
        .callback(callback ->
            callback.call(Duration.between(clock.instant(), current.get().ends()).toSeconds()))
        .register(metrics.registry());
  }

  /** By what a listener speaks TLS; empty if it is one that does not. */
  public Optional<SSLContext> of(String listener, ListenAddress address) {
    if (!settings.covers(listener, address)) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {current}, null, null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}
