package dev.troth.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.capture.Address;
import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.metrics.EdgeMetrics;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.route.Routes;
import dev.troth.observe.span.CapturedHeaders;
import dev.troth.observe.span.Connection;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.Ends;
import dev.troth.observe.span.SpanWriter;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AgentRequestTest {
  private static final Self SELF = new Self("build-7", 41);
  private static final Target TARGET = target(7, "orders");
  private static final long SECOND = 1_000_000_000L;

  private final RequestMetrics metrics = new RequestMetrics();
  private final Correlation correlation =
      new Correlation(new SplittableRandom(1), (process, thread) -> "");
  private final SpanWriter writer =
      new SpanWriter(
          new Routes(List.of(), Routes.Unmatched.HEURISTIC, 100), CapturedHeaders.NONE, false);
  private long now = SECOND;

  @Test
  void anEdgeIsToldWithBothOfItsEndsItsKindAndItsRoundTrips() {
    Connection connection = connection(TARGET, 9_000, 5432);
    connection.roundTrip(400);
    call(connection, Role.CLIENT, "");
    connection.roundTrip(700);
    call(connection, Role.CLIENT, "23505");
    ProtoReader message = new ProtoReader(new DurationReport(SELF, metrics).message(5, now));
    List<byte[]> resources = message.all(1);
    assertThat(resources).as("that of the service, and that of the agent").hasSize(2);
    ProtoReader agent = new ProtoReader(resources.getLast());
    assertThat(agent.texts(1, 1, 2, 1)).containsExactly("troth-observe", "build-7:41", "build-7");
    assertThat(agent.texts(2, 2, 1))
        .containsExactly(
            AgentRequest.REQUESTS,
            AgentRequest.FAILED,
            AgentRequest.AS_CLIENT,
            AgentRequest.ROUND_TRIPS,
            AgentRequest.OTHERS);
    assertThat(agent.longs(2, 2, 7, 1, 6))
        .as("requests, failed, others")
        .containsExactly(2L, 1L, 0L);
    assertThat(agent.texts(2, 2, 9, 1, 9, 1).subList(0, 4))
        .containsExactly("client", "server", "connection_type", "system");
    assertThat(agent.texts(2, 2, 9, 1, 9, 2, 1).subList(0, 4))
        .containsExactly("orders", "10.0.0.2:5432", "database", "postgresql");
    assertThat(agent.longs(2, 2, 9, 1, 4)).as("durations, round trips").containsExactly(2L, 2L);
    assertThat(agent.longs(2, 2, 9, 1, 5).getLast())
        .isEqualTo(Double.doubleToRawLongBits(0.0004 + 0.0007));
    assertThat(agent.longs(2, 2, 7, 1, 2)).as("begun").containsExactly(SECOND, SECOND, 5L);
  }

  @Test
  void beyondTheMostNewEdgesAreToldTogetherAndCounted() {
    for (int port = 1; port <= EdgeMetrics.MOST_EDGES + 7; port++) {
      call(connection(TARGET, 9_000, port), Role.CLIENT, "");
    }
    call(connection(TARGET, 9_000, 1), Role.CLIENT, "");
    EdgeMetrics edges = metrics.edges();
    assertThat(edges.all()).hasSize(EdgeMetrics.MOST_EDGES + 1);
    assertThat(edges.others()).isEqualTo(7);
    assertThat(edges.all().getLast())
        .satisfies(last -> assertThat(last.edge().server()).isEqualTo("other"))
        .satisfies(last -> assertThat(last.requests()).isEqualTo(7));
    assertThat(edges.all().getFirst().requests()).isEqualTo(2);
  }

  @Test
  void anEdgeThatWasSilentForAnHourMakesRoom() {
    call(connection(TARGET, 9_000, 1), Role.CLIENT, "");
    now += 1_800 * SECOND;
    call(connection(TARGET, 9_000, 2), Role.CLIENT, "");
    metrics.expire(now + 1_801 * SECOND);
    assertThat(metrics.edges().all())
        .extracting(one -> one.edge().server())
        .containsExactly("10.0.0.2:2");
  }

  @Test
  void aRequestWhoseCallIsReadAtTheOtherEndIsCountedThereAlone() {
    Target shop = target(8, "shop");
    Connection served = connection(TARGET, 80, 9_000);
    Connection called = connection(shop, 9_000, 80);
    called.faces(served);
    call(served, Role.SERVER, "");
    assertThat(one().requests()).as("the caller is watched and not read").isEqualTo(1);
    call(called, Role.CLIENT, "");
    call(served, Role.SERVER, "");
    assertThat(one())
        .satisfies(edge ->
            assertThat(List.of(edge.edge().client(), edge.edge().server()))
                .containsExactly("shop", "orders"))
        .satisfies(edge -> assertThat(edge.requests()).isEqualTo(2))
        .satisfies(edge -> assertThat(edge.asClient().count()).isEqualTo(1))
        .satisfies(edge -> assertThat(edge.asServer().count()).isEqualTo(2));
    called.notRead();
    call(served, Role.SERVER, "");
    assertThat(one().requests()).as("the call was given up").isEqualTo(3);
  }

  private EdgeMetrics.Counted one() {
    assertThat(metrics.edges().all()).hasSize(1);
    return metrics.edges().all().getFirst();
  }

  private void call(Connection connection, Role role, String error) {
    Exchange exchange =
        new Exchange(
            role,
            new Place(0, 0, now, 1, false),
            new Facts.Database("postgresql", "", "SELECT", "", "", error),
            null);
    correlation.began(connection, exchange, null);
    exchange.responded(exchange.facts(), new Place(0, 0, now + 1_000, 1, false));
    exchange.ended(Exchange.Outcome.COMPLETE, now + 1_000, 0);
    correlation.ended(exchange, now);
    correlation.settle(
        now + SECOND, operation -> metrics.add(operation, writer.write(operation, 0)));
  }

  private static Connection connection(Target target, int local, int remote) {
    return new Connection(
        target,
        local,
        new Ends(new Address(false, 1, 0), local, new Address(false, 0x0200000aL, 0), remote, 1));
  }

  private static Target target(int process, String service) {
    return new Target(process, 1, RuntimeKind.NODE, service, Map.of("service.name", service));
  }
}
