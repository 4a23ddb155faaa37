package dev.troth.gate.host;

/** {@code troth-gate-all}: the native host that verifies RSA, ECDSA and Ed25519 as well. */
public final class AllAlgorithmsMain {
  private AllAlgorithmsMain() {}

  public static void main(String[] args) {
    NativeMain.run(new LimbKeys());
  }
}
