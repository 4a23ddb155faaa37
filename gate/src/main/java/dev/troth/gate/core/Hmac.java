package dev.troth.gate.core;

/**
 * HMAC (RFC 2104) under one key. Both key blocks are hashed once, when the key is set, so that a
 * token costs two blocks less. Not thread-safe.
 */
final class Hmac {
  private final Hash inner;
  private final Hash outer;
  private final Hash work;
  private final byte[] digest;
  private final int digestBytes;

  /** For {@code HS256}, {@code HS384} or {@code HS512}. */
  Hmac(Algorithm algorithm, byte[] key, int from, int to) {
    digestBytes = algorithm.hashBytes();
    digest = new byte[digestBytes];
    inner = Hash.of(digestBytes);
    outer = Hash.of(digestBytes);
    work = Hash.of(digestBytes);
    byte[] block = new byte[work.blockBytes()];
    if (to - from > block.length) {
      work.update(key, from, to);
      work.finish(block);
    } else {
      System.arraycopy(key, from, block, 0, to - from);
    }
    xor(block, 0x36);
    inner.update(block, 0, block.length);
    xor(block, 0x36 ^ 0x5C);
    outer.update(block, 0, block.length);
    for (int i = 0; i < block.length; i++) {
      block[i] = 0;
    }
  }

  /** Whether {@code mac} is the whole code of {@code data[from, to)}, compared in constant time. */
  boolean verify(byte[] data, int from, int to, byte[] mac, int macLength) {
    if (macLength != digestBytes) {
      return false;
    }
    work.copy(inner);
    work.update(data, from, to);
    work.finish(digest);
    work.copy(outer);
    work.update(digest, 0, digestBytes);
    work.finish(digest);
    boolean equal = Bytes.equalInConstantTime(digest, mac, digestBytes);
    // The expected code of a forged token is its signature: it does not stay in memory.
    for (int i = 0; i < digestBytes; i++) {
      digest[i] = 0;
    }
    return equal;
  }

  private static void xor(byte[] block, int value) {
    for (int i = 0; i < block.length; i++) {
      block[i] ^= (byte) value;
    }
  }
}
