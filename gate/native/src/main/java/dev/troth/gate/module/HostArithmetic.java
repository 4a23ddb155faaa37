package dev.troth.gate.module;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SignatureArithmetic;
import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.c.Include;

/** Asks the host for the arithmetic of a signature: the keys stay outside of the module. */
final class HostArithmetic implements SignatureArithmetic {
  @Override
  public boolean verify(
      int handle,
      Algorithm algorithm,
      byte[] data,
      int from,
      int to,
      byte[] signature,
      int length) {
    return verify(
            handle,
            algorithm.number(),
            Address.ofData(data).add(from),
            to - from,
            Address.ofData(signature),
            length)
        == 1;
  }

  @Include("module.h")
  @Import(name = "gate_host_verify")
  private static native int verify(
      int handle, int algorithm, Address data, int size, Address signature, int length);
}
