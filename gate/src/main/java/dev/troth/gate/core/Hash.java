package dev.troth.gate.core;

/** A hash function in progress: SHA-256, SHA-384 or SHA-512. Not thread-safe. */
public abstract sealed class Hash permits Sha256, Sha512 {
  /** The longest digest. */
  public static final int MAX_BYTES = 64;

  final byte[] block;
  int filled;
  long total;

  Hash(int blockBytes) {
    block = new byte[blockBytes];
  }

  /** The hash with a digest of 32, 48 or 64 bytes. */
  public static Hash of(int digestBytes) {
    return digestBytes == 32 ? new Sha256() : new Sha512(digestBytes);
  }

  /** The digest of {@code data[from, to)}, written to the start of {@code out}. */
  public final void digest(byte[] data, int from, int to, byte[] out) {
    reset();
    update(data, from, to);
    finish(out);
  }

  final int blockBytes() {
    return block.length;
  }

  /** Begins a message. */
  public abstract void reset();

  /** Takes over the state of another hash of the same function. */
  abstract void copy(Hash other);

  abstract void compress(byte[] data, int at);

  /** Ends the message; the digest is written to the start of {@code out}. */
  public abstract void finish(byte[] out);

  /** Goes on with the message. */
  public final void update(byte[] data, int from, int to) {
    total += to - from;
    int at = from;
    if (filled > 0) {
      while (at < to && filled < block.length) {
        block[filled++] = data[at++];
      }
      if (filled < block.length) {
        return;
      }
      compress(block, 0);
      filled = 0;
    }
    while (to - at >= block.length) {
      compress(data, at);
      at += block.length;
    }
    while (at < to) {
      block[filled++] = data[at++];
    }
  }

  /** Appends the 1 bit, zeros and the length in bits (FIPS 180-4 §5.1). */
  final void pad(int lengthBytes) {
    block[filled++] = (byte) 0x80;
    if (filled > block.length - lengthBytes) {
      zero(filled, block.length);
      compress(block, 0);
      filled = 0;
    }
    zero(filled, block.length);
    long bits = total << 3;
    for (int i = 1; i <= 8; i++) {
      block[block.length - i] = (byte) bits;
      bits >>>= 8;
    }
    compress(block, 0);
  }

  private void zero(int from, int to) {
    for (int i = from; i < to; i++) {
      block[i] = 0;
    }
  }
}
