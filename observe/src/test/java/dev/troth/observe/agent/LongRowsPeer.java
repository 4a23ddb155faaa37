package dev.troth.observe.agent;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A client of PostgreSQL that takes each answer with a single read, as libraries with large buffers
 * do; arguments: port, then queries. It begins when its input ends. Each query is asked twice,
 * because only the second time it is known how long the answer is.
 */
final class LongRowsPeer {
  private static final int ROOM = 1 << 20;

  private final Socket socket = new Socket();
  private final OutputStream out;
  private final DataInputStream in;

  private LongRowsPeer(int port) throws IOException {
    socket.setReceiveBufferSize(ROOM);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  public static void main(String[] args) throws IOException {
    System.in.readAllBytes();
    LongRowsPeer peer = new LongRowsPeer(Integer.parseInt(args[0]));
    peer.send("\0\3\0\0user\0postgres\0database\0postgres\0\0", "");
    peer.untilReady();
    for (int i = 1; i < args.length; i++) {
      peer.ask(args[i]);
      int length = peer.untilReady();
      peer.rollBack();
      peer.ask(args[i]);
      while (peer.in.available() < length) {
        Thread.onSpinWait();
      }
      if (peer.in.read(new byte[ROOM]) != length) {
        throw new IOException("the answer did not come in one read");
      }
      peer.rollBack();
    }
  }

  /** So that a query finds what it found before. */
  private void rollBack() throws IOException {
    ask("ROLLBACK");
    untilReady();
  }

  private void ask(String sql) throws IOException {
    send(sql + "\0", "Q");
  }

  /** A message in one write, as clients do. */
  private void send(String content, String type) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(message);
    fields.writeBytes(type);
    fields.writeInt(4 + content.length());
    fields.writeBytes(content);
    out.write(message.toByteArray());
  }

  /** Reads message by message; how many bytes there were. */
  private int untilReady() throws IOException {
    int bytes = 0;
    for (int type = 0; type != 'Z'; ) {
      type = in.read();
      int length = in.readInt();
      in.readNBytes(length - 4);
      bytes += 1 + length;
    }
    return bytes;
  }
}
