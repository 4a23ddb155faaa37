package dev.troth.gate.core;

/** SHA-256 (FIPS 180-4 §6.2). */
final class Sha256 extends Hash {
  private static final int[] K = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2
  };
  private static final int[] INITIAL = {
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
  };

  private final int[] state = new int[8];
  private final int[] w = new int[64];

  Sha256() {
    super(64);
    reset();
  }

  @Override
  public void reset() {
    System.arraycopy(INITIAL, 0, state, 0, 8);
    filled = 0;
    total = 0;
  }

  @Override
  void copy(Hash other) {
    if (other instanceof Sha256 from) {
      System.arraycopy(from.state, 0, state, 0, 8);
      System.arraycopy(from.block, 0, block, 0, from.filled);
      filled = from.filled;
      total = from.total;
    }
  }

  @Override
  void compress(byte[] data, int at) {
    int[] w = this.w;
    for (int i = 0; i < 16; i++) {
      w[i] =
          (data[at] << 24)
              | ((data[at + 1] & 0xFF) << 16)
              | ((data[at + 2] & 0xFF) << 8)
              | (data[at + 3] & 0xFF);
      at += 4;
    }
    for (int i = 16; i < 64; i++) {
      int x = w[i - 15];
      int y = w[i - 2];
      int s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      int s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    for (int i = 0; i < 64; i++) {
      int s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      int t1 = h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
      int s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      int t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  @Override
  public void finish(byte[] out) {
    pad(8);
    for (int i = 0; i < 32; i++) {
      out[i] = (byte) (state[i >> 2] >>> (24 - 8 * (i & 3)));
    }
  }

  private static int rotate(int value, int bits) {
    return (value >>> bits) | (value << (32 - bits));
  }
}
