package dev.troth.gate.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the bytes it is told to, and reads responses with their bodies. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
  }

  /** A response: its status and all of its text. */
  public record Response(int status, String head, String body) {}

  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  public Response read() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new IOException("the connection ended after '" + head + "'");
      }
      head.append((char) b);
    }
    int length = 0;
    for (String line : head.toString().split("\r\n", -1)) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    byte[] body = socket.getInputStream().readNBytes(length);
    return new Response(
        Integer.parseInt(head.substring(9, 12)), head.toString(), new String(body, ISO_8859_1));
  }

  /** All that comes until the server ends the connection. */
  public String readToEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  public List<Response> read(int count) throws IOException {
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      responses.add(read());
    }
    return responses;
  }

  /** Whether the server has ended the connection and sent nothing more. */
  public boolean isEnded() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
