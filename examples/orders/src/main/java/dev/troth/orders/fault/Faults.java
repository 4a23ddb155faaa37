package dev.troth.orders.fault;

import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The faults of one process: switched on over HTTP, each for a limited time.
 *
 * <p>{@code POST /-/faults {"fault":"slow-db","seconds":120}} starts one, {@code GET} lists them,
 * {@code DELETE} ends all. Safe for use by many threads.
 */
public final class Faults {
  private static final int MAX_SECONDS = 3_600;
  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

  private final InstantSource clock;
  private final Set<Fault> offered;
  private final Map<Fault, Running> running = new EnumMap<>(Fault.class);

  private static final class Running {
    final Instant until;
    final List<String> variants;
    int next;

    Running(Instant until, List<String> variants) {
      this.until = until;
      this.variants = variants;
    }
  }

  /** A process that offers none has no faults to switch on. */
  public Faults(InstantSource clock, Set<Fault> offered) {
    this.clock = clock;
    this.offered = Set.copyOf(offered);
  }

  /** The way in which the fault strikes now, if it is on; several ways take turns. */
  public synchronized Optional<String> strike(Fault fault) {
    Running on = running.get(fault);
    if (on == null || !clock.instant().isBefore(on.until)) {
      running.remove(fault);
      return Optional.empty();
    }
    return Optional.of(on.variants.get(on.next++ % on.variants.size()));
  }

  synchronized void start(Fault fault, List<String> variants, Instant until) {
    running.put(fault, new Running(until, variants));
  }

  /** The routes under {@code /-/faults}; none when nothing is offered. */
  public List<Route> routes() {
    if (offered.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Route("GET", "/-/faults", request -> list()),
        new Route("POST", "/-/faults", this::start),
        new Route("DELETE", "/-/faults", this::end));
  }

  private synchronized Reply list() {
    Instant now = clock.instant();
    running.values().removeIf(on -> !now.isBefore(on.until));
    return Reply.json(
        200,
        running.entrySet().stream()
            .map(on ->
                Map.of(
                    "fault", on.getKey().label(),
                    "variants", on.getValue().variants,
                    "until", on.getValue().until))
            .toList());
  }

  private Reply start(Request request) {
    checkHost(request);
    JsonNode wanted = Json.read(request.body());
    String label = wanted.path("fault").asString("");
    Fault fault =
        Fault.of(label)
            .filter(offered::contains)
            .orElseThrow(() ->
                new Problem(
                    422,
                    "No such fault here",
                    "fault is '%s', expected one of %s"
                        .formatted(label, offered.stream().map(Fault::label).sorted().toList())));
    int seconds = wanted.path("seconds").asInt(0);
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new Problem(
          422, "Not a duration", "seconds is %d, expected 1 to %d".formatted(seconds, MAX_SECONDS));
    }
    start(fault, variants(fault, wanted.path("variant").asString("")), now(seconds));
    return list();
  }

  private Instant now(int plusSeconds) {
    return clock.instant().plusSeconds(plusSeconds);
  }

  private static List<String> variants(Fault fault, String variant) {
    if (variant.isEmpty()) {
      return fault.variants();
    }
    if (!fault.variants().contains(variant)) {
      throw new Problem(
          422,
          "No such variant",
          "variant is '%s', expected one of %s".formatted(variant, fault.variants()));
    }
    return List.of(variant);
  }

  private synchronized Reply end(Request request) {
    checkHost(request);
    running.clear();
    return list();
  }

  /** A web page may send here by a name of its own that leads to loopback; its Host tells. */
  private static void checkHost(Request request) {
    String host = request.header("host").orElse("").replaceFirst(":\\d+$", "");
    if (!HOSTS.contains(host)) {
      throw new Problem(403, "Foreign host", "Host is '" + host + "', expected a loopback name");
    }
  }
}
