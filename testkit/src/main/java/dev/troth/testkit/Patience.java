package dev.troth.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets every wait of a test take its time: nothing that a test asserts depends on how fast the
 * machine is, and one that waits in vain has failed anyway.
 */
public final class Patience implements LauncherSessionListener {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(LONGEST_WAIT);
  }
}
