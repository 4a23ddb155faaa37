package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.span.Span;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DnsTest {
  @TempDir Path folder;

  @Test
  void tryIt() throws Exception {
    Kernel.requirePrivilege();
    String address = "127.53.7.9";
    java.nio.file.Files.writeString(folder.resolve("resolv.conf"), "nameserver " + address + "\n");
    try (Child server = Child.python(folder, "dns.py", address, 53);
        Child client = Child.start(folder, List.of("unshare", "-m", "sh", "-c",
          "read go; mount --bind resolv.conf /etc/resolv.conf; getent ahosts one.test; getent ahosts nx.test; getent ahosts long.test; node -e 'require(\"dns\").resolve4(\"two.test\",console.log)'; dig +tries=1 three.test; dig +tcp four.test; dig +tries=1 +timeout=1 drop.test; sleep 0.2"))) {
      Thread.sleep(500);
      Observer observer = Observer.of(Selector.ofProcess(server.pid()), Selector.ofProcess(client.pid()));
      try (observer) {
        client.input("go\n");
        client.waitFor(java.time.Duration.ofSeconds(60));
        Thread.sleep(500);
      }
      System.out.println(java.nio.file.Files.readString(folder.resolve("child.log")));
      for (Span s : observer.spans()) System.out.println(s.role() + " " + s.name() + " " + s.failed() + " " + (s.end()-s.start())/1000 + " " + s.attributes());
      System.out.println(observer.counters());
      System.out.println(observer.sights());
    }
  }
}
