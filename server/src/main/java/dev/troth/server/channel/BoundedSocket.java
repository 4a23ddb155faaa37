package dev.troth.server.channel;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * A connection to a server that may say only so much. Clients of protocols made of lines keep an
 * answer in memory until it ends, and a server may never end it.
 */
final class BoundedSocket extends Socket {
  private static final long MOST = 1 << 20;

  private long said;

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int n = super.read(bytes, from, length);
        count(n);
        return n;
      }
    };
  }

  private void count(int bytes) throws IOException {
    said += Math.max(0, bytes);
    if (said > MOST) {
      throw new IOException("the server said more than %d bytes".formatted(MOST));
    }
  }
}
