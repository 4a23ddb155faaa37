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
 * Open connections by address. One address holds at most its share: when it opens another, its
 * oldest is closed. So a client that opens many and says nothing locks nobody out, itself included.
 * Safe for use by many threads.
 */
public final class Connections {
  private final int perAddress;
  private final ClientAddresses addresses;
  private final Map<InetAddress, Deque<Socket>> open = new HashMap<>();
  private final AtomicLong closed = new AtomicLong();

  /** An address that is no proxy may hold so many. */
  public Connections(int perAddress, ClientAddresses addresses) {
    this.perAddress = perAddress;
    this.addresses = addresses;
  }

  /** Counts a connection that was just accepted; closes its address's oldest beyond the share. */
  public void accepted(Socket socket) {
    InetAddress peer = socket.getInetAddress();
    if (peer == null || addresses.isProxy(peer)) {
      return;
    }
    Socket oldest = null;
    synchronized (open) {
      Deque<Socket> held = open.get(peer);
      if (held == null) {
        // Addresses that are gone leave with the next that comes.
        open.values().removeIf(sockets -> sockets.stream().allMatch(Socket::isClosed));
        held = new ArrayDeque<>();
        open.put(peer, held);
      }
      if (held.size() >= perAddress) {
        held.removeIf(Socket::isClosed);
      }
      if (held.size() >= perAddress) {
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
