package dev.troth.observe.propagation;

import dev.troth.observe.agent.*;
import dev.troth.observe.capture.*;
import dev.troth.observe.kernel.*;
import dev.troth.observe.btf.*;
import java.net.*;
import java.util.*;
import org.junit.jupiter.api.Test;

final class FirstTest {
  @Test
  void first() throws Exception {
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Btf btf = Observation.kernelTypes();
    Filter filter = new Filter(Protocols.signatures(Protocols.all(Set.of())), 1 << 20);
    try (Capture capture = Capture.load(bpf, btf, filter);
        Propagation p = Propagation.load(bpf, btf, capture, new Propagation.Choice(Propagation.group(), 1, Optional.empty()))) {
      capture.watch((int) ProcessHandle.current().pid());
      capture.attach();
      p.attach();
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket peer = server.accept()) {
        client.getOutputStream().write("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
        byte[] b = new byte[4096];
        int n = peer.getInputStream().read(b);
        System.out.println(new String(b, 0, n));
        peer.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes());
        n = client.getInputStream().read(b);
        System.out.println(new String(b, 0, n));
        client.getOutputStream().write(("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nGET / ").getBytes());
        n = peer.getInputStream().read(b);
        System.out.println(new String(b, 0, n));
      }
      capture.drain(100, e -> System.out.println(e.kind() + " " + e.cookie() + " " + e.length() + " " + e.sent() + " " + e.captured()));
    }
  }
}
