package dev.troth.server.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that breaks whenever the server sends a certain word. */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int port;
  private final String word;

  /**
   * @param port of the server
   */
  CuttingProxy(int port, String word) throws IOException {
    this.port = port;
    this.word = word;
    Thread _ = Thread.startVirtualThread(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = door.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(near);
        open.add(far);
        Thread _ = Thread.startVirtualThread(() -> pass(near, far, false));
        Thread _ = Thread.startVirtualThread(() -> pass(far, near, true));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private void pass(Socket from, Socket to, boolean listens) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[64 * 1024];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        int cut =
            listens ? new String(bytes, 0, read, StandardCharsets.ISO_8859_1).indexOf(word) : -1;
        out.write(bytes, 0, cut < 0 ? read : cut);
        if (cut >= 0) {
          return;
        }
      }
    } catch (IOException e) {
      // The other side has ended it.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
