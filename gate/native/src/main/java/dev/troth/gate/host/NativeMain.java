package dev.troth.gate.host;

import dev.troth.gate.core.Bytes;
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
    String arguments = Usage.arguments();
    if (!arguments.isEmpty()) {
      say(Usage.isHelp(arguments) ? 1 : 2, Usage.words(arguments));
      Native.exit(Usage.isHelp(arguments) ? 0 : USAGE);
      return;
    }
    Environment environment = new Environment(keys);
    SandboxChecker checker = new SandboxChecker();
    Native.prepare();
    String problem = NativeSelfTest.run(checker);
    if (problem.isEmpty()) {
      problem = keys.selfTest();
    }
    if (problem.isEmpty()) {
      Native.release();
      problem = environment.read(checker);
    }
    if (!problem.isEmpty()) {
      fail(problem);
      return;
    }
    byte[] host = terminated(environment.host());
    int listener = Native.listen(Address.ofData(host), environment.port());
    if (listener == Native.INVALID) {
      fail("HOST is '" + environment.host() + "', expected an IPv4 or IPv6 address");
      return;
    }
    if (listener < 0) {
      fail(
          "cannot listen on "
              + environment.host()
              + " port "
              + environment.port()
              + ": errno "
              + -listener);
      return;
    }
    GateService service =
        new GateService(checker, environment.service(), operations(environment, checker));
    say(1, "gate listens on port " + Native.port(listener));
    new EventLoop(listener, service, environment, checker).run();
    Native.exit(0);
  }

  private static GateService.Operations operations(
      Environment environment, SandboxChecker checker) {
    return new GateService.Operations() {
      @Override
      public void writeMetrics(Output out) {
        checker.writeMetrics(out, environment.isDegraded());
      }

      @Override
      public boolean isDegraded() {
        return environment.isDegraded();
      }
    };
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
