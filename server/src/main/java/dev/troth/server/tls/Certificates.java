package dev.troth.server.tls;

import dev.troth.server.config.ListenAddress;
import dev.troth.server.config.TlsSettings;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of the listeners that speak TLS, read anew when one of its files changes.
 *
 * <p>New connections get the new certificate; those that are open stay. Files that cannot be used
 * change nothing: the former certificate goes on, and health and log say why.
 */
public final class Certificates implements Lifecycle {
  private static final System.Logger LOG = System.getLogger("troth.tls");
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** From here on the end of a certificate is a warning. */
  private static final Duration SOON = Duration.ofDays(7);

  private final TlsSettings settings;
  private final Clock clock;
  private final CurrentKey current = new CurrentKey();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile Optional<String> refused = Optional.empty();
  private List<Object> seen = List.of();
  private @Nullable Thread thread;

  public Certificates(TlsSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "tls";
  }

  @Override
  public void start() {
    seen = versions();
    try {
      current.set(Credentials.read(settings.certificate(), settings.key()));
    } catch (Credentials.Unusable e) {
      throw new CannotStart("tls: " + e.getMessage());
    }
    thread = Thread.ofVirtual().name("tls-files").start(this::run);
  }

  private void run() {
    try {
      while (!stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    List<Object> now = versions();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      Credentials read = Credentials.read(settings.certificate(), settings.key());
      requireNoWorse(read);
      current.set(read);
      refused = Optional.empty();
      LOG.log(
          Level.INFO, "the listeners have a new certificate, which counts until {0}", read.ends());
    } catch (Credentials.Unusable | RuntimeException e) {
      refused = Optional.of(String.valueOf(e.getMessage()));
      LOG.log(
          Level.ERROR,
          "the new certificate is not used, the former one goes on: {0}",
          e.getMessage());
    }
  }

  /** One that does not count takes the place of none that does. */
  private void requireNoWorse(Credentials read) throws Credentials.Unusable {
    Instant now = clock.instant();
    if (current.get().counts(now) && !read.counts(now)) {
      throw new Credentials.Unusable(
          "%s: counts from %s until %s, now it is %s"
              .formatted(settings.certificate(), read.begins(), read.ends(), now));
    }
  }

  /** What tells one version of the files from another; a link that leads elsewhere does. */
  private List<Object> versions() {
    return List.of(version(settings.certificate()), version(settings.key()));
  }

  private static Object version(Path file) {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(String.valueOf(is.fileKey()), is.lastModifiedTime(), is.size());
    } catch (IOException e) {
      return e.getClass().getName();
    }
  }

  @Override
  public void stop() {
    stopping.countDown();
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** What is other than it should be, for the health of the platform. */
  public List<String> warnings() {
    Optional<String> why = refused;
    if (why.isPresent()) {
      return List.of("tls: the new certificate is not used: " + why.get());
    }
    Instant ends = current.get().ends();
    return clock.instant().isBefore(ends.minus(SOON))
        ? List.of()
        : List.of("tls: the certificate counts until %s".formatted(ends));
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
