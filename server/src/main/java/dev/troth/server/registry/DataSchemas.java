package dev.troth.server.registry;

import dev.troth.contracts.Validator;
import dev.troth.contracts.validate.Violation;
import dev.troth.server.config.Config;
import dev.troth.server.event.DataCheck;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Versions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of this registry by the addresses that events have for them: {@code
 * /registry/schemas/ids/7}, {@code /registry/subjects/order-value/versions/latest}, with or without
 * this platform's host before them. Addresses of other hosts are nobody's business here.
 */
public final class DataSchemas implements DataCheck {
  private static final int MOST_VALIDATORS = 64;
  private static final int MOST_NAMED = 5;
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:/contexts/(?<context>[^/]+))?/(?:schemas/(?:ids/(?<id>\\d{1,9})|guids/(?<guid>[^/]+))"
              + "|subjects/(?<subject>[^/]+)/versions/(?<version>[^/]+))(?:/schema)?");

  private final Registry registry;
  private final Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
  private final int ownPort;
  private final Map<String, Validator> validators =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Validator> eldest) {
              return size() > MOST_VALIDATORS;
            }
          });

  /** Schemas of a registry that is reached as these settings say. */
  public DataSchemas(Registry registry, Config.Http http) {
    this.registry = registry;
    http.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    http.publicUrl().map(URI::getHost).ifPresent(hosts::add);
    http.listen().ifPresent(address -> hosts.add(address.host()));
    http.registry().ifPresent(address -> hosts.add(address.host()));
    ownPort = http.registry().map(address -> address.port()).orElse(-1);
  }

  @Override
  public Optional<String> problem(String dataschema, byte[] data) {
    String address = address(dataschema);
    if (address == null) {
      return Optional.empty();
    }
    if (dataschema.indexOf('?') >= 0) {
      return Optional.of(
          "dataschema is '%s': expected the address of a schema in this registry, without a query"
              .formatted(dataschema));
    }
    if (data.length == 0) {
      return Optional.of("the event has no data, expected a document of %s".formatted(dataschema));
    }
    try {
      Registered found = find(address);
      Validator validator =
          validators.computeIfAbsent(
              found.subject().absolute() + " " + found.tag(),
              _ -> registry.contract(found).inspector());
      List<Violation> violations = validator.validate(data).violations();
      return violations.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "data does not keep %s: %s"
                  .formatted(
                      dataschema,
                      violations.stream()
                          .limit(MOST_NAMED)
                          .map(Violation::toString)
                          .collect(Collectors.joining("; "))));
    } catch (RegistryException e) {
      return Optional.of("dataschema is '%s': %s".formatted(dataschema, why(address, e)));
    }
  }

  /** The part of an address that names a schema of this registry; null if it is of another. */
  private @Nullable String address(String dataschema) {
    URI uri;
    try {
      uri = URI.create(dataschema);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String path = uri.getRawPath();
    boolean ours =
        path != null
            && (uri.getHost() == null || hosts.contains(uri.getHost().toLowerCase(Locale.ROOT)));
    if (!ours || (uri.getHost() == null && uri.getScheme() != null)) {
      return null;
    }
    if (path.startsWith("/registry/")) {
      return path.substring("/registry".length());
    }
    return uri.getPort() >= 0 && uri.getPort() == ownPort ? path : null;
  }

  /** What is missing, in this platform's words: the registry's own are those of its clients. */
  private static String why(String address, RegistryException refused) {
    Matcher named = ADDRESS.matcher(address);
    if (refused.status() != 404 || !named.matches()) {
      return "expected the address of a schema in this registry";
    }
    String subject = group(named, "subject").orElse("");
    return switch (refused.code()) {
      case 40401, 40404 -> "the registry has no subject %s".formatted(subject);
      case 40402, 40406 ->
          "subject %s has no version %s"
              .formatted(subject, group(named, "version").orElse("of that number"));
      default ->
          "the registry has no schema with the %s"
              .formatted(
                  group(named, "id")
                      .map(id -> "id " + id)
                      .orElseGet(() -> "guid " + group(named, "guid").orElse("")));
    };
  }

  private Registered find(String address) {
    Matcher named = ADDRESS.matcher(address);
    if (!named.matches()) {
      throw RegistryException.noSchema(address);
    }
    Optional<String> context = group(named, "context").map(SubjectName::context);
    Optional<String> id = group(named, "id");
    if (id.isPresent()) {
      return registry.ofId(context, Integer.parseInt(id.get()));
    }
    Optional<String> guid = group(named, "guid");
    if (guid.isPresent()) {
      return registry.ofGuid(guid.get().toLowerCase(Locale.ROOT));
    }
    String name = group(named, "subject").orElseThrow();
    SubjectName subject =
        context.map(inside -> SubjectName.of(inside, name)).orElseGet(() -> SubjectName.of(name));
    int version = Versions.number(group(named, "version").orElseThrow());
    return registry.version(subject, version, Deleted.LEFT_OUT);
  }

  private static Optional<String> group(Matcher named, String group) {
    return Optional.ofNullable(named.group(group)).map(DataSchemas::decoded);
  }

  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
