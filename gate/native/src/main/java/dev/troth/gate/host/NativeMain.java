package dev.troth.gate.host;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import org.teavm.interop.Address;

/** {@code troth-gate}: reads the environment, starts the module, checks it, and serves. */
public final class NativeMain {
  private static final int USAGE = 2;

  private NativeMain() {}

  public static void main(String[] args) {
    run(PublicKeys.NONE);
  }

  /** Serves until the process is asked to stop. */
  static void run(PublicKeys keys) {
    Environment environment = new Environment(keys);
    SandboxChecker checker = new SandboxChecker();
    Native.prepare();
    String problem = NativeSelfTest.run(checker);
    if (problem.isEmpty()) {
      problem = keys.selfTest();
    }
    if (problem.isEmpty()) {
      problem = environment.read(checker);
    }
    if (!problem.isEmpty()) {
      fail(problem);
      return;
    }
    int listener = Native.listen(environment.address(), environment.port());
    if (listener < 0) {
      fail("cannot listen on port " + environment.port() + ": errno " + -listener);
      return;
    }
    GateService service =
        new GateService(
            checker, ClaimHeaders.parse(environment.claimHeaders()), checker::writeMetrics);
    say(1, "gate listens on port " + Native.port(listener));
    new EventLoop(listener, service, environment, () -> environment.reload(checker)).run();
    Native.exit(0);
  }

  static void say(int file, String line) {
    Output out = new Output(256).ascii(line).put('\n');
    Native.write(file, Address.ofData(out.bytes()), out.length());
  }

  private static void fail(String problem) {
    say(2, "troth-gate: " + problem);
    Native.exit(USAGE);
  }

  /** A zero-terminated copy for C. */
  static byte[] terminated(String text) {
    return Bytes.ascii(text + "\0");
  }
}
