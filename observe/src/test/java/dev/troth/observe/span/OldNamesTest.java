package dev.troth.observe.span;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OldNamesTest {
  @Test
  void tellsAServersValuesTwice() {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                Attribute.of("http.request.method", "GET"),
                Attribute.of("server.port", 80),
                Attribute.of("http.route", "/a")));
    OldNames.add(attributes, Role.SERVER);
    assertThat(attributes)
        .containsExactly(
            Attribute.of("http.request.method", "GET"),
            Attribute.of("server.port", 80),
            Attribute.of("http.route", "/a"),
            Attribute.of("http.method", "GET"),
            Attribute.of("net.host.port", 80));
  }

  @Test
  void aClientsPeerIsWhomItCalls() {
    List<Attribute> attributes = new ArrayList<>(List.of(Attribute.of("server.address", "h")));
    OldNames.add(attributes, Role.CLIENT);
    assertThat(attributes).endsWith(Attribute.of("net.peer.name", "h"));
  }
}
