package dev.troth.cli.contract.registry;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.DomainRules;
import dev.troth.contracts.Version;
import dev.troth.contracts.schema.Documents;
import dev.troth.json.JsonReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Contracts in a platform's registry. */
public record PublishedContracts(ApiClient client) {
  /** A version as the registry answers it; without a type it is Avro. */
  private record Registered(
      int id,
      int version,
      String schema,
      @Nullable String schemaType,
      @Nullable List<Object> references,
      @Nullable Metadata metadata,
      @Nullable Object ruleSet) {
    private record Metadata(@Nullable Map<String, String> properties) {}

    /** The whole contract, if it was registered beside its schema; else empty. */
    String contract() {
      return metadata == null || metadata.properties() == null
          ? ""
          : metadata.properties().getOrDefault("troth.contract", "");
    }
  }

  /**
   * One published version.
   *
   * @param bare whether it is a schema that others registered, without a contract beside it
   * @param rules of the rule set beside it, which clients of other makers run
   */
  public record Published(int version, int id, Contract contract, boolean bare, DomainRules rules) {
    /** The contract with all rules that are run. */
    public Contract whole() {
      return rules.addedTo(contract);
    }
  }

  /** The registry subject that a contract goes by; a name may be one already. */
  public static String subject(String name) {
    return name.endsWith("-value") || name.endsWith("-key") ? name : name + "-value";
  }

  public static String path(String subject) {
    return "/registry/subjects/" + escaped(subject);
  }

  /** A version by its number, or {@code latest}. */
  public Published version(String subject, String version) {
    return published(
        subject,
        client
            .find(path(subject) + "/versions/" + version, Registered.class)
            .orElseThrow(() ->
                CommandException.usage(
                    "%s has no subject '%s' with version %s"
                        .formatted(client.server(), subject, version))));
  }

  /** The numbers of a subject's versions, oldest first; none if it is not there. */
  public List<Integer> versions(String subject) {
    return client
        .find(path(subject) + "/versions", Integer[].class)
        .map(List::of)
        .orElse(List.of());
  }

  /** Who said that they read a subject, and which version; empty if nobody did. */
  public Map<String, Integer> consumers(String subject) {
    Map<String, Integer> consumers = new LinkedHashMap<>();
    client
        .find(consumersPath(subject), Consumers.class)
        .ifPresent(
            found -> found.items().forEach(one -> consumers.put(one.consumer(), one.version())));
    return consumers;
  }

  private record Consumers(List<Consumer> items) {}

  private record Consumer(String consumer, int version) {}

  /** Says that a consumer reads a version, and watches the contract for whoever asks. */
  public void depend(String consumer, String subject, int version) {
    client.put(consumersPath(subject) + "/" + escaped(consumer), Map.of("version", version));
    String contract =
        subject.endsWith("-value") ? subject.substring(0, subject.length() - 6) : subject;
    client.post("/api/watches", Map.of("target", "contract/" + contract, "level", "all"));
  }

  private static String consumersPath(String subject) {
    return "/api/contracts/" + escaped(subject) + "/consumers";
  }

  private static String escaped(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Published published(String subject, Registered found) {
    String text = found.contract();
    try {
      return new Published(
          found.version(),
          found.id(),
          text.isEmpty()
              ? bare(subject, found)
              : Contract.read(text.getBytes(StandardCharsets.UTF_8)),
          text.isEmpty(),
          rules(found));
    } catch (ContractException e) {
      throw CommandException.failed(
          "%s has a contract that cannot be used: %s".formatted(subject, e.getMessage()));
    }
  }

  private static DomainRules rules(Registered found) {
    return found.ruleSet() == null
        ? DomainRules.NONE
        : DomainRules.of(JsonReader.read(JsonMapper.shared().writeValueAsBytes(found.ruleSet())));
  }

  /** A schema that others registered is a contract of the subject's name. */
  private static Contract bare(String subject, Registered found) {
    if (found.references() != null && !found.references().isEmpty()) {
      throw CommandException.failed(
          "%s refers to other subjects, so it is no bundle".formatted(subject));
    }
    boolean json = "JSON".equals(found.schemaType());
    String name = subject.replaceFirst("-(value|key)$", "");
    byte[] bytes = found.schema().getBytes(StandardCharsets.UTF_8);
    String file = name + (json ? ".json" : ".avsc");
    return ContractFile.of(file, bytes, "troth:/" + file, Documents.NONE)
        .at(new Version(1, found.version() - 1, 0, ""))
        .contract();
  }
}
