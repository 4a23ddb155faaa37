package dev.troth.gate.build;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Engine;
import dev.troth.gate.Tokens;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.host.NativeGate;
import dev.troth.gate.sandbox.SandboxEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.endive.runtime.InterpreterMachine;
import run.endive.wasm.Parser;

/** A module that does its worst leaves nothing for the next token and cannot stop the host. */
class IsolationTest {
  @TempDir private static Path folder = Path.of("");
  private static Path hostile = Path.of("");

  @BeforeAll
  static void assemble() throws Exception {
    NativeGate.require("gate.wasm");
    hostile = folder.resolve("hostile.wasm");
    Process process =
        new ProcessBuilder(
                "node",
                "node_modules/wabt/bin/wat2wasm",
                "src/test/wat/hostile.wat",
                "-o",
                hostile.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void inTheJvmNothingIsLeftAndNothingRunsForEver() throws Exception {
    SandboxEngine engine =
        new SandboxEngine(
            Parser.parse(Files.readAllBytes(hostile)),
            InterpreterMachine::new,
            Duration.ofSeconds(4));
    byte[] settings =
        new SettingsWriter().secret(Algorithm.HS256.bit(), new byte[0], Tokens.SECRET).toBytes();
    Engine.Validator validator = engine.create(settings, SignatureArithmetic.NONE);
    assertThat(ask(validator, "S")).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(ask(validator, "M")).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(ask(validator, "S")).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(ask(validator, "G")).isEqualTo(Reason.SIGNATURE_INVALID);
    for (String what : List.of("L", "O", "P", "T")) {
      long before = engine.stopped();
      assertThat(ask(validator, what)).as(what).isEqualTo(Reason.VALIDATOR_FAILED);
      assertThat(engine.stopped()).isEqualTo(before + 1);
      assertThat(ask(validator, "S")).isEqualTo(Reason.SIGNATURE_INVALID);
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void theNativeSandboxHoldsIt() throws Exception {
    Path project = Path.of("").toAbsolutePath();
    Toolchain tools = Toolchain.install(project, project.resolve("node_modules/.zig-cache"));
    tools.wasm2c(hostile, folder.resolve("gate-module.c"));
    String target = "x86_64-linux-musl";
    List<String> flags = List.of("-O1", "-I" + folder, "-I" + project.resolve("src/main/c"));
    Path module = folder.resolve("module.o");
    Path sandbox = folder.resolve("sandbox.o");
    Path driver = folder.resolve("driver.o");
    tools.compile(target, folder.resolve("gate-module.c"), module, flags);
    tools.compile(target, project.resolve("src/main/c/sandbox.c"), sandbox, flags);
    tools.compile(target, project.resolve("src/test/c/isolation.c"), driver, flags);
    Path program = folder.resolve("isolation");
    tools.link(target, List.of(module, sandbox, driver), program);
    Process process = new ProcessBuilder(program.toString()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .isEqualTo(
            "S15 M15 S15 L1000 S15 G15 S15 O1000 S15 P1000 S15 T1000 S15"
                + " M15 S15 O1000 S15 P1000 S15 G15 S15");
  }

  private static Reason ask(Engine.Validator validator, String what) {
    byte[] token = what.getBytes(US_ASCII);
    Reason reason = validator.validate(token, 0, token.length, 0);
    validator.forget();
    return reason;
  }
}
