package dev.troth.server.registry;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.PublishedSchema;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submitted;
import dev.troth.server.registry.schema.Versions;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The registry as a script of a few lines asks for it: the body is the contract itself, and the
 * answer says COMPATIBLE or INCOMPATIBLE. A post only tests, unless it says {@code register=true}.
 * A topic is the registry subject {@code TOPIC-value}.
 */
public final class TopicRoutes implements Routes {
  /** Both ways, because a field that is gone breaks whoever still reads it. */
  private static final Mode USUAL = Mode.FULL;

  private static final List<String> AVRO_TYPES = List.of("record", "enum", "fixed", "map");

  private final Registry registry;

  public TopicRoutes(Registry registry) {
    this.registry = registry;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/v1/schemas/{topic}/latest", this::latest)
        .post("/api/v1/schemas/{topic}/versions", taking(this::submit, "register"));
  }

  private static SubjectName subject(ServerRequest request) {
    return SubjectName.of(request.path().pathParameters().get("topic") + "-value");
  }

  private void latest(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Registered latest;
    try {
      latest = registry.version(subject(request), Versions.LATEST, Deleted.LEFT_OUT);
    } catch (RegistryException e) {
      throw Problem.of(e.status(), String.valueOf(e.getMessage())).toException();
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("subject", latest.subject().qualified());
    document.put("version", latest.version());
    document.put("id", latest.id());
    document.putAll(latest.schema().document());
    Json.send(response, document);
  }

  private void submit(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    boolean register = Parameters.flag(request, "register");
    byte[] body = Json.body(request);
    Map<String, Object> answer = new LinkedHashMap<>();
    int status = 200;
    try {
      Submission schema = submission(body);
      if (register) {
        String actor = Callers.require(request, Role.MEMBER).user();
        Registered added =
            registry.register(
                subject(request), new Submitted(schema), new Registry.Wish(false, USUAL, actor));
        answer.put("is_compatible", "COMPATIBLE");
        answer.put("version", added.version());
        answer.put("id", added.id());
      } else {
        Compatibility tested = registry.test(subject(request), schema, USUAL);
        answer.put("is_compatible", tested.compatible() ? "COMPATIBLE" : "INCOMPATIBLE");
        if (!tested.compatible()) {
          answer.put("reason", String.join("; ", tested.reasons()));
        }
      }
    } catch (RegistryException e) {
      // A script that looks at nothing but this word must not go on.
      answer.put("is_compatible", "INCOMPATIBLE");
      answer.put("reason", String.valueOf(e.getMessage()));
      status = e.status();
    }
    answer.put("registered", register && status == 200);
    Json.send(response, status, answer);
  }

  /** The body is a contract, a schema, or what Confluent's clients send. */
  private static Submission submission(byte[] body) {
    dev.troth.json.Json given;
    try {
      given = JsonReader.read(body);
    } catch (JsonException e) {
      throw RegistryException.invalidSchema("the body is not JSON: " + e.getMessage());
    }
    boolean avro = false;
    if (given instanceof dev.troth.json.Json.Obj object) {
      if (object.text("contract").isPresent()) {
        try {
          return PublishedSchema.of(Contract.read(body));
        } catch (ContractException e) {
          throw RegistryException.invalidSchema(e.findings().getFirst().message());
        }
      }
      if (object.text("schema").isPresent()) {
        return Submission.of(body);
      }
      avro = object.text("type").filter(AVRO_TYPES::contains).isPresent();
    }
    return new Submission(
        avro ? Submission.Kind.AVRO : Submission.Kind.JSON,
        new String(body, StandardCharsets.UTF_8),
        List.of(),
        "",
        "");
  }
}
