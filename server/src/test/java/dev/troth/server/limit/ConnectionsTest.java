package dev.troth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private final Connections connections = new Connections(3, new ClientAddresses(List.of()));

  /** A connection from anywhere, which no test machine has. */
  private static final class Accepted extends Socket {
    private final InetAddress peer;

    Accepted(String peer) {
      try {
        this.peer = InetAddress.getByName(peer);
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    public InetAddress getInetAddress() {
      return peer;
    }
  }

  private List<Boolean> closedOf(String... peers) {
    List<Accepted> all = Stream.of(peers).map(Accepted::new).toList();
    all.forEach(connections::accepted);
    return all.stream().map(Socket::isClosed).toList();
  }

  @Test
  void oneClientHasAWholeNetworkOfIpv6() {
    assertThat(closedOf("2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3", "2001:db8::4"))
        .containsExactly(true, false, false, false);
    assertThat(connections.evictions()).isEqualTo(1);
  }

  @Test
  void otherNetworksAndAddressesOfIpv4KeepTheirs() {
    assertThat(
            closedOf(
                "2001:db8:0:1::1",
                "2001:db8:0:2::1",
                "2001:db8:0:3::1",
                "2001:db8:0:4::1",
                "192.0.2.1",
                "192.0.2.2",
                "192.0.2.3",
                "192.0.2.4"))
        .doesNotContain(true);
  }
}
