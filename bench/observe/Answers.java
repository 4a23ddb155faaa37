import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server that costs next to nothing: one read and one write a request; argument: port. */
public final class Answers {
  private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes();

  private Answers() {}

  public static void main(String[] args) throws IOException {
    ServerSocket server =
        new ServerSocket(Integer.parseInt(args[0]), 64, InetAddress.getLoopbackAddress());
    while (true) {
      Socket socket = server.accept();
      socket.setTcpNoDelay(true);
      Thread.ofPlatform().daemon().start(() -> serve(socket));
    }
  }

  private static void serve(Socket socket) {
    byte[] request = new byte[4096];
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      while (in.read(request) > 0) {
        out.write(ANSWER);
      }
    } catch (IOException closed) {
      // the end of a client
    }
  }
}
