package dev.troth.gate.sandbox;

import dev.troth.gate.Engine;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SignatureArithmetic;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import run.endive.runtime.CompiledModule;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/**
 * Runs the core as a WebAssembly module that was compiled to JVM classes when Troth was built. The
 * module can reach its own memory and the host's signature arithmetic, and nothing else; it is
 * stopped when it runs for too long or wants more memory than it is given.
 */
public final class SandboxEngine implements Engine {
  private static final int MAX_PAGES = 64;
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

  /** A verdict takes some 0.05 ms; the rest is for a machine that is busy with other things. */
  private static final Duration MAXIMUM = Duration.ofSeconds(2);

  private final WasmModule module;
  private final Function<Instance, Machine> machine;
  private final long maxNanos;
  private final AtomicLong stopped = new AtomicLong();
  private final Set<SandboxValidator> validators =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Runs a module by a machine, each call for at most so long. */
  public SandboxEngine(WasmModule module, Function<Instance, Machine> machine, Duration maximum) {
    this.module = module;
    this.machine = machine;
    maxNanos = maximum.toNanos();
    Thread.ofPlatform().daemon().name("gate-watchdog").start(this::watch);
  }

  /** The module that was built in, if there is one. */
  public static Optional<SandboxEngine> builtIn() {
    return ServiceLoader.load(CompiledModule.class)
        .findFirst()
        .map(compiled ->
            new SandboxEngine(compiled.wasmModule(), compiled.machineFactory(), MAXIMUM));
  }

  @Override
  public Validator create(byte[] settings, SignatureArithmetic arithmetic) {
    // What the module would refuse is refused here in words.
    if (Settings.read(settings, 0, settings.length) == null) {
      throw new IllegalArgumentException("settings are not well-formed, or a secret is too short");
    }
    try {
      SandboxValidator validator =
          new SandboxValidator(arithmetic, settings, this::instance, stopped);
      validators.add(validator);
      return validator;
    } catch (WasmEngineException trap) {
      // More keys or revoked ids than the module's memory holds, for one.
      throw new IllegalArgumentException("the module does not take its settings: " + trap, trap);
    }
  }

  private Instance instance(ImportValues imports) {
    return Instance.builder(module)
        .withImportValues(imports)
        .withMachineFactory(machine)
        .withMemoryFactory(limits -> new ModuleMemory(limits, MAX_PAGES))
        .withStart(false)
        .build();
  }

  /** How many calls ended in a trap or were stopped. */
  public long stopped() {
    return stopped.get();
  }

  private void watch() {
    while (true) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      long now = System.nanoTime();
      for (SandboxValidator validator : snapshot()) {
        validator.stopIfLongerThan(maxNanos, now);
      }
    }
  }

  private List<SandboxValidator> snapshot() {
    synchronized (validators) {
      return List.copyOf(validators);
    }
  }
}
