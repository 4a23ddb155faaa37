package dev.troth.server.limit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Open connections by client, who has an IPv4 address or a network of IPv6. One client holds at
 * most its share: when it opens another, its oldest is closed. So a client that opens many and says
 * nothing locks nobody out, itself included. Safe for use by many threads.
 */
public final class Connections {
  private final int perClient;
  private final ClientAddresses addresses;
  private final Map<String, Deque<Socket>> open = new HashMap<>();
  private final AtomicLong closed = new AtomicLong();

  /** A client that is no proxy may hold so many. */
  public Connections(int perClient, ClientAddresses addresses) {
    this.perClient = perClient;
    this.addresses = addresses;
  }

  /** Counts a connection that was just accepted; closes its client's oldest beyond the share. */
  public void accepted(Socket socket) {
    InetAddress peer = socket.getInetAddress();
    if (peer == null || addresses.isProxy(peer)) {
      return;
    }
    String client = ClientAddresses.nameOf(peer);
    Socket oldest = null;
    synchronized (open) {
      Deque<Socket> held = open.get(client);
      if (held == null) {
        // Clients that are gone leave with the next that comes.
        open.values().removeIf(sockets -> sockets.stream().allMatch(Socket::isClosed));
        held = new ArrayDeque<>();
        open.put(client, held);
      }
      if (held.size() >= perClient) {
        held.removeIf(Socket::isClosed);
      }
      if (held.size() >= perClient) {
        oldest = held.removeFirst();
      }
      held.addLast(socket);
    }
    if (oldest != null) {
      closed.incrementAndGet();
      try {
        oldest.close();
      } catch (IOException e) {
        // It is closed for us all the same.
      }
    }
  }

  /** How many connections had to make room since the start. */
  public long evictions() {
    return closed.get();
  }
}
