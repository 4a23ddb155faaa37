package dev.troth.orders.order;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Validator;
import dev.troth.contracts.Verdict;
import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Caller.Call;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Reply;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the data of {@link OrderPlaced} keeps to: what the registry has as the newest version, or
 * {@code examples/orders/contracts}, packed into the jar. The producer asks it before it publishes,
 * the consumer before it uses what came.
 */
public final class OrderPlacedContract {
  private static final Logger LOG = System.getLogger("contract");
  private static final String FILE = "/contracts/order_placed.json";
  private static final String SUBJECT = OrderPlaced.TYPE + "-value";

  private final Validator validator;
  private final Optional<URI> version;

  private OrderPlacedContract(Validator validator, Optional<URI> version) {
    this.validator = validator;
    this.version = version;
  }

  /** The version at the registry that it came from. */
  public Optional<URI> version() {
    return version;
  }

  /** The contract in the jar, and its validator: compiled once, for all messages. */
  public static OrderPlacedContract load() throws IOException {
    try (InputStream in = OrderPlacedContract.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException("the jar has no " + FILE);
      }
      return new OrderPlacedContract(
          Contract.read(in.readAllBytes()).validator(), Optional.empty());
    }
  }

  /**
   * The newest version of the contract in a registry; without one, the contract in the jar.
   *
   * @param token the registry's bearer token, if it wants one
   * @throws IOException when the registry has no such contract, or is away: then the service does
   *     not start, rather than keep to another contract than the others
   */
  public static OrderPlacedContract of(Optional<URI> registry, Optional<String> token)
      throws IOException {
    return registry.isPresent() ? from(registry.get(), token) : load();
  }

  private static OrderPlacedContract from(URI registry, Optional<String> token) throws IOException {
    Call ask = Call.get("/registry/subjects/{subject}/versions/latest", SUBJECT);
    Call call = token.map(value -> ask.with("Authorization", "Bearer " + value)).orElse(ask);
    // This is no part of anybody's request, so nobody is told of it in a span.
    Reply reply = new Caller(registry, OpenTelemetry.noop()).call(call, 0);
    if (reply.status() != 200) {
      throw new IOException(
          "%s answered %d for %s, expected its newest version (troth contract publish)"
              .formatted(registry, reply.status(), SUBJECT));
    }
    JsonNode found = Json.read(reply.body());
    String bundle = found.path("metadata").path("properties").path("troth.contract").asString("");
    try {
      Contract contract = Contract.read(bundle.getBytes(StandardCharsets.UTF_8));
      LOG.log(
          Level.INFO,
          "{0} {1} is version {2} of {3} at {4}",
          contract.name(),
          contract.version(),
          found.path("version").asString(""),
          SUBJECT,
          registry);
      URI version =
          registry.resolve(
              "/registry/subjects/%s/versions/%s"
                  .formatted(SUBJECT, found.path("version").asString("")));
      return new OrderPlacedContract(contract.validator(), Optional.of(version));
    } catch (ContractException e) {
      throw new IOException(
          "%s has no usable contract beside the schema of %s: %s"
              .formatted(registry, SUBJECT, e.getMessage()),
          e);
    }
  }

  /** What is wrong with the data, all of it in one line; empty when it keeps the contract. */
  public Optional<String> breach(byte[] data) {
    Verdict verdict = validator.validate(data);
    return verdict.valid() ? Optional.empty() : Optional.of(verdict.toString().replace("\n", "; "));
  }
}
