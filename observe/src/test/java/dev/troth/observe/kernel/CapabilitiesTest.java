package dev.troth.observe.kernel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.kernel.Capabilities.Capability;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {
  @Test
  void namesWhatIsMissing() {
    assertThat(Capabilities.parse("Name: a\nCapEff:\t000000c000080000\n").lacking()).isEmpty();
    assertThat(Capabilities.parse("CapEff:\t0000000000200000\n").lacking()).isEmpty();
    assertThat(Capabilities.parse("CapEff:\t0000008000080000\n").lacking())
        .hasValueSatisfying(line -> assertThat(line).contains("the capability CAP_PERFMON:"));
    assertThat(Capabilities.parse("nothing").lacking())
        .hasValueSatisfying(
            line -> assertThat(line).contains("capabilities CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE"));
  }

  @Test
  void givesUpWhatTheAgentDoesNotNeed() throws InterruptedException {
    assumeTrue(Capabilities.missing().isEmpty(), "kernel tests are skipped: no privilege");
    AtomicReference<@Nullable Capabilities> after = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              Capabilities.keepOnlyNeeded(); // for this thread alone
              after.set(Capabilities.ofThisProcess());
            });
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    Capabilities kept = requireNonNull(after.get());
    assertThat(kept.lacking()).isEmpty();
    if (Capabilities.ofThisProcess().has(Capability.BPF)) {
      assertThat(kept.has(Capability.SYS_ADMIN)).isFalse();
    }
  }
}
