package dev.troth.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troth.server.config.TlsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the files that fail or never end. */
@Timeout(60)
final class CertificatesTest {
  @TempDir Path folder;

  /** A clock that fails on demand, as anything on the way may. */
  private static final class FailingClock extends Clock {
    private final AtomicBoolean fails = new AtomicBoolean();
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public Instant instant() {
      if (fails.get()) {
        failures.incrementAndGet();
        throw new IllegalStateException("no time");
      }
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void aLookThatFailsIsToldAndTheNextOneComes() throws Exception {
    TestCertificates made = new TestCertificates(folder);
    made.make("one", "ed25519");
    made.make("two", "ed25519");
    Path certificate = Files.copy(made.file("one.crt"), made.file("used.crt"));
    Path key = Files.copy(made.file("one.key"), made.file("used.key"));
    FailingClock clock = new FailingClock();
    AtomicInteger renewals = new AtomicInteger();
    Certificates certificates =
        new Certificates(new TlsSettings(certificate, key, Set.of()), clock);
    certificates.onRenewal(renewals::incrementAndGet);
    certificates.start();
    try {
      String before = certificates.fingerprint();
      clock.fails.set(true);
      Files.copy(made.file("two.key"), key, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(made.file("two.crt"), certificate, StandardCopyOption.REPLACE_EXISTING);
      await().until(() -> clock.failures.get() > 0);
      assertThat(certificates.fingerprint()).isEqualTo(before);
      clock.fails.set(false);
      await().until(() -> !certificates.fingerprint().equals(before));
      await().until(() -> renewals.get() == 1 && certificates.warnings().isEmpty());
    } finally {
      certificates.stop();
    }
  }

  @Test
  void whatNeverAnswersIsLeftAloneAndNoMoreThanAFewAreLeft() throws Exception {
    Patience patience = new Patience(Duration.ofMillis(20), 2);
    CountDownLatch mount = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() ->
              patience.ask(() -> {
                asked.incrementAndGet();
                mount.await();
                return "";
              }))
          .isInstanceOf(TimeoutException.class);
    }
    mount.countDown();
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(patience.ask(() -> "there")).isEqualTo("there"));
    assertThat(asked).hasValueLessThanOrEqualTo(2);
  }
}
