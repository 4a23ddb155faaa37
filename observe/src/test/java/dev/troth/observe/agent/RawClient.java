package dev.troth.observe.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that says exactly what it is told to, on a socket of its own each time. */
final class RawClient {
  private RawClient() {}

  /** The kinds of request that trouble watchers. */
  static void everyKind(int port, String server) throws IOException {
    say(port, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n", "GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
    say(
        port,
        String.join(
            " HTTP/1.1\r\nHost: a\r\n\r\n",
            List.of(
                "GET /p1",
                "GET /p2",
                "GET /missing/p3",
                "GET /p4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
    say(port, "GE", "T /sl", "ow HTT", "P/1.1\r\nHo", "st: a\r\n\r", "\n");
    say(
        port,
        "PUT /chunked-up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "4\r\nGET \r\n6\r\n/x HTT\r\n",
        "0\r\n\r\n");
    say(
        port,
        "POST /continue HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
        "hello");
    say(
        port,
        "POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n",
        "GET /not HTTP/1.1\r\n\r\n".repeat(150_000).substring(0, 3_000_000));
    say(port, "GET /cookies HTTP/1.1\r\nHost: a\r\nCookie: " + "c".repeat(6_000) + "\r\n\r\n");
    say(port, "HEAD /chunks/head HTTP/1.1\r\nHost: a\r\n\r\n");
    abort(port, "GET /large/aborted HTTP/1.1\r\nHost: a\r\n\r\n");
    if (server.equals("node")) {
      say(
          port,
          "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
          "GET /within HTTP/1.1\r\n\r\n");
    }
  }

  /** Sends the pieces one by one, reading what comes, then closes. */
  private static void say(int port, String... pieces) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(100);
      OutputStream out = socket.getOutputStream();
      for (String piece : pieces) {
        out.write(piece.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        drain(socket.getInputStream());
      }
    }
  }

  private static void abort(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoLinger(true, 0);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readNBytes(100);
    }
  }

  /** Reads until nothing comes for a moment. */
  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try {
      while (in.read(buffer) >= 0) {
        // what is said does not matter here
      }
    } catch (java.net.SocketTimeoutException quiet) {
      // the server waits for more, or has said all
    }
  }
}
