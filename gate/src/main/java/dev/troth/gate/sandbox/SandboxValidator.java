package dev.troth.gate.sandbox;

import dev.troth.gate.Engine;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SignatureArithmetic;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** One instance of the module. After each token its memory and globals are as they were before. */
final class SandboxValidator implements Engine.Validator {
  private static final FunctionType VERIFY =
      FunctionType.of(
          List.of(ValType.I32, ValType.I32, ValType.I32, ValType.I32, ValType.I32, ValType.I32),
          List.of(ValType.I32));

  private final SignatureArithmetic arithmetic;
  private final byte[] settings;
  private final Function<ImportValues, Instance> factory;
  private final AtomicLong stopped;

  private Instance instance;
  private ModuleMemory memory;
  private ExportFunction validate;
  private ExportFunction payload;
  private ExportFunction payloadLength;
  private ExportFunction group;
  private int tokenAddress;
  private int maxTokenBytes;
  private long[] globals;
  private boolean broken;

  private volatile @Nullable Thread runner;
  private volatile long since;
  private boolean told;

  SandboxValidator(
      SignatureArithmetic arithmetic,
      byte[] settings,
      Function<ImportValues, Instance> factory,
      AtomicLong stopped) {
    this.arithmetic = arithmetic;
    this.settings = settings.clone();
    this.factory = factory;
    this.stopped = stopped;
    start();
  }

  @Override
  public Reason validate(byte[] token, int from, int to, long nowMillis) {
    if (broken) {
      return Reason.VALIDATOR_FAILED;
    }
    since = System.nanoTime();
    runner = Thread.currentThread();
    try {
      int length = to - from;
      if (length <= maxTokenBytes) {
        memory.write(tokenAddress, token, from, length);
      }
      return Reason.of((int) validate.apply(length, nowMillis)[0]);
    } catch (WasmEngineException | StackOverflowError trap) {
      // A trap of the module, or the watchdog's word: not a verdict, so not a valid token.
      broken = true;
      stopped.incrementAndGet();
      return Reason.VALIDATOR_FAILED;
    } finally {
      release();
    }
  }

  @Override
  public byte[] payload() {
    try {
      return memory.readBytes((int) payload.apply()[0], (int) payloadLength.apply()[0]);
    } catch (WasmEngineException trap) {
      broken = true;
      stopped.incrementAndGet();
      throw new IllegalStateException("the module gave a verdict and no claims", trap);
    }
  }

  @Override
  public int group() {
    try {
      return broken ? -1 : (int) group.apply()[0];
    } catch (WasmEngineException trap) {
      broken = true;
      stopped.incrementAndGet();
      return -1;
    }
  }

  @Override
  public void forget() {
    if (broken) {
      start();
      return;
    }
    memory.restore();
    for (int i = 0; i < globals.length; i++) {
      instance.global(i).setValue(globals[i]);
    }
  }

  /** Called by the watchdog's thread. */
  void stopIfLongerThan(long maxNanos, long now) {
    synchronized (this) {
      Thread thread = runner;
      if (thread != null && now - since > maxNanos) {
        told = true;
        thread.interrupt();
      }
    }
  }

  /** After this the watchdog does not interrupt the thread any more, and its word is forgotten. */
  private void release() {
    synchronized (this) {
      runner = null;
      if (told) {
        told = false;
        boolean ignored = Thread.interrupted();
      }
    }
  }

  private void start() {
    broken = false;
    instance =
        factory.apply(
            ImportValues.builder()
                .addFunction(new HostFunction("gate", "verify", VERIFY, this::verify))
                .build());
    memory = (ModuleMemory) instance.memory();
    validate = instance.export("validate");
    payload = instance.export("payload");
    payloadLength = instance.export("payload_length");
    group = instance.export("group");
    instance.export("start").apply();
    int address = (int) instance.export("settings").apply(settings.length)[0];
    memory.write(address, settings, 0, settings.length);
    if (instance.export("configure").apply(settings.length)[0] != 0) {
      throw new IllegalArgumentException("the module refused its settings");
    }
    tokenAddress = (int) instance.export("token").apply()[0];
    maxTokenBytes = (int) instance.export("max_token_bytes").apply()[0];
    globals = new long[instance.globalCount()];
    for (int i = 0; i < globals.length; i++) {
      globals[i] = instance.global(i).getValue();
    }
    memory.seal();
  }

  private long[] verify(Instance caller, long... a) {
    Algorithm algorithm = Algorithm.of((int) a[1]);
    if (algorithm == null) {
      return new long[] {0};
    }
    byte[] data = memory.readBytes((int) a[2], (int) a[3]);
    byte[] signature = memory.readBytes((int) a[4], (int) a[5]);
    boolean genuine =
        arithmetic.verify((int) a[0], algorithm, data, 0, data.length, signature, signature.length);
    return new long[] {genuine ? 1 : 0};
  }
}
