package dev.troth.observe.config;

import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.observe.capture.Hook;
import dev.troth.observe.discovery.Glob;
import dev.troth.observe.discovery.Ports;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.route.Routes;
import dev.troth.observe.span.CapturedHeaders;
import dev.troth.observe.span.Sampler;
import dev.troth.observe.span.SpanFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the agent's configuration from a file's values and from the {@code OTEL_*} variables, which
 * override the data.
 *
 * <p>The keys follow the conventions of eBPF agents: {@code discovery.instrument}, {@code routes},
 * {@code filter}, {@code otel_traces_export}, {@code prometheus_export}. Short keys are understood
 * as well: {@code listen.interfaces}, {@code otlp.endpoint}, {@code service.name}, {@code
 * sampling.probability}, {@code filters.include_paths}; {@code instrumentation.language} is noted
 * and not needed.
 */
public final class ConfigReader {
  /** A configuration and what is worth telling about it. */
  public record Reading(ObserveConfig config, List<String> notes) {}

  private final List<String> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Section settings;
  private final Map<String, String> environment;
  private final NetworkInterfaces interfaces;

  /** Whether nothing says which processes: then all that listen are watched. */
  private boolean everything;

  private ConfigReader(
      SourceFile data, Map<String, String> environment, NetworkInterfaces interfaces) {
    this.settings = Section.of(data, wrong -> problems.add(wrong.reason())).flat(Set.of());
    this.environment = environment;
    this.interfaces = interfaces;
  }

  /**
   * Reads and validates; a {@link ConfigException} tells everything that is wrong.
   *
   * @param data a mapping; {@code otlp: {endpoint: x}} and {@code otlp.endpoint: x} are the same
   */
  public static Reading read(
      SourceFile data, Map<String, String> environment, NetworkInterfaces interfaces) {
    return new ConfigReader(data, environment, interfaces).read();
  }

  private Reading read() {
    Optional<String> fileName =
        settings
            .read("service.name", Section::text)
            .or(() -> settings.read("service_name", Section::text));
    Optional<String> name = variable("OTEL_SERVICE_NAME").or(() -> fileName);
    Optional<String> namespace =
        settings
            .read("service.namespace", Section::text)
            .or(() -> settings.read("service_namespace", Section::text));
    List<Selector> instrument = new ArrayList<>();
    SelectorReader selectors = new SelectorReader(problems);
    for (Section section : sections("discovery.instrument")) {
      selectors.read(section).ifPresent(instrument::add);
    }
    top().ifPresent(instrument::add);
    List<Selector> exclude = new ArrayList<>();
    for (Section section : sections("discovery.exclude_instrument")) {
      selectors.read(section).ifPresent(exclude::add);
    }
    Set<String> addresses = listen(instrument);
    SpanFilter filter = filter(addresses);
    Routing routing = routing();
    Sampler sampler = sampler();
    CapturedHeaders headers = headers();
    Exports exports = new ExportReader(settings, environment, problems).read();
    Limits limits = limits();
    Optional<Hook> hook = settings.read("capture.hook", value -> value.parsed("a hook", Hook::of));
    settings
        .read("instrumentation.language", Section::text)
        .ifPresent(language ->
            notes.add(
                "instrumentation.language is '"
                    + language
                    + "': not needed, processes are watched from the kernel in any language"));
    boolean everyNetwork = settings.read("discovery.every_network", Section::flag).orElse(false);
    boolean propagates = settings.read("propagate", Section::flag).orElse(false);
    for (String key : settings.unread()) {
      ForeignKeys.note(key)
          .ifPresent(note -> {
            var _ = settings.get(key);
            notes.add(note);
          });
    }
    settings.onlyRead();
    leaveReceiver(instrument, exclude, exports);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    List<Selector> named = new ArrayList<>();
    boolean chosen = !everything || !filter.included().isEmpty();
    if (!chosen && name.isPresent()) {
      notes.add(
          "service.name is '%s' and names nobody: no port, process or path says which service it is"
              .formatted(name.get()));
    }
    for (Selector selector : instrument) {
      Selector one =
          selector.named(
              selector.name().isPresent() || !chosen ? selector.name() : name,
              selector.namespace().isPresent() ? selector.namespace() : namespace);
      named.add(everyNetwork ? one.ofEveryNetwork() : one);
    }
    return new Reading(
        new ObserveConfig(
            named, exclude, routing, sampler, filter, headers, exports, limits, hook, propagates),
        notes);
  }

  private Optional<Selector> top() {
    Optional<Ports> ports =
        settings.read("open_port", value -> value.parsed("ports", Ports::parse));
    Optional<Glob> executable =
        settings
            .read("executable_path", value -> value.parsed("a pattern", Glob::new))
            .or(() ->
                settings.read(
                    "executable_name",
                    value -> value.parsed("a pattern", name -> new Glob("*" + name + "*"))));
    return ports.isEmpty() && executable.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Selector(
                ports, OptionalInt.empty(), executable, Optional.empty(), Optional.empty()));
  }

  /**
   * Addresses, interfaces or {@code address:port}; with them alone every listening process is
   * watched.
   */
  private Set<String> listen(List<Selector> instrument) {
    List<String> places = texts("listen.interfaces");
    Set<String> addresses = new HashSet<>();
    boolean ports = false;
    boolean all = false;
    List<String> unknown = new ArrayList<>();
    for (String place : places) {
      int colon = place.lastIndexOf(':');
      boolean withPort = (colon >= 0 && place.indexOf(':') == colon) || place.contains("]:");
      String address = withPort ? place.substring(0, colon) : place;
      if (withPort) {
        try {
          instrument.add(Selector.ofPorts(place.substring(colon + 1)));
          ports = true;
        } catch (IllegalArgumentException wrong) {
          problems.add(
              "listen.interfaces is '"
                  + place
                  + "', expected an address, an interface or address:port");
        }
      }
      if (address.isEmpty()
          || address.equals("*")
          || address.equals("0.0.0.0")
          || address.equals("::")
          || address.equals("any")) {
        all = true;
      } else {
        Set<String> found = interfaces.addresses(address);
        addresses.addAll(found);
        if (found.isEmpty()) {
          unknown.add(address);
        }
      }
    }
    for (String name : unknown) {
      String text = "listen.interfaces is '" + name + "', which is no interface of this machine";
      (all || !addresses.isEmpty() ? notes : problems).add(text);
    }
    if (!places.isEmpty() && !ports && instrument.isEmpty()) {
      everything = true;
      instrument.add(Selector.ofPorts("1-65535"));
      notes.add("listen.interfaces names no port: every process that listens is watched");
    }
    return all ? Set.of() : addresses;
  }

  /** Who is chosen by many ports or by an executable may be the receiver of spans by accident. */
  private void leaveReceiver(List<Selector> instrument, List<Selector> exclude, Exports exports) {
    Optional<Integer> receiver = exports.localReceiver();
    if (receiver.isEmpty()) {
      return;
    }
    String port = Integer.toString(receiver.get());
    for (Selector selector : instrument) {
      if (selector.ports().equals(Optional.of(Ports.parse(port)))) {
        problems.add(
            "port " + port + " is where spans are sent: watching it would tell of each message");
      }
    }
    boolean broad =
        instrument.stream()
            .anyMatch(
                one -> one.process().isEmpty() && !one.ports().map(Ports::isOne).orElse(false));
    if (broad) {
      exclude.add(Selector.ofPorts(port));
    }
  }

  private SpanFilter filter(Set<String> addresses) {
    List<Glob> included = globs(texts("filters.include_paths"));
    List<Glob> ignored = globs(texts("filters.exclude_paths"));
    settings
        .read("filter.application.url_path.match", value -> value.parsed("a pattern", Glob::new))
        .ifPresent(included::add);
    settings
        .read(
            "filter.application.url_path.not_match", value -> value.parsed("a pattern", Glob::new))
        .ifPresent(ignored::add);
    ignored.addAll(globs(texts("routes.ignored_patterns")));
    return new SpanFilter(included, ignored, addresses);
  }

  /** A path pattern also fits what lies below it when it ends with a slash. */
  private static List<Glob> globs(List<String> patterns) {
    List<Glob> globs = new ArrayList<>();
    for (String pattern : patterns) {
      String plain = pattern.replaceAll("\\{[^}/]*}|/:[^/]+", pattern.contains("{") ? "*" : "/*");
      globs.add(new Glob(plain.endsWith("/") && plain.length() > 1 ? plain + "*" : plain));
    }
    return globs;
  }

  private Routing routing() {
    List<String> patterns = texts("routes.patterns");
    Routes.Unmatched unmatched =
        settings
            .read("routes.unmatched", value -> value.parsed("a way", ConfigReader::unmatched))
            .orElse(Routing.DEFAULT.unmatched());
    int most =
        settings
            .read("routes.max_path_segment_cardinality", Section::whole)
            .orElse(Routing.DEFAULT.mostNames());
    settings
        .read("routes.ignore_mode", Section::text)
        .filter(mode -> !mode.equals("all") && !mode.equals("traces"))
        .ifPresent(
            mode -> problems.add("routes.ignore_mode is '" + mode + "', expected all or traces"));
    try {
      Routing routing = new Routing(patterns, unmatched, most);
      routing.routes();
      return routing;
    } catch (IllegalArgumentException wrong) {
      problems.add("routes: " + wrong.getMessage());
      return Routing.DEFAULT;
    }
  }

  private static Routes.Unmatched unmatched(String text) {
    return switch (text) {
      case "heuristic" -> Routes.Unmatched.HEURISTIC;
      case "low-cardinality" -> Routes.Unmatched.LOW_CARDINALITY;
      case "wildcard" -> Routes.Unmatched.WILDCARD;
      case "path" -> Routes.Unmatched.PATH;
      case "unset" -> Routes.Unmatched.UNSET;
      default ->
          throw new IllegalArgumentException(
              "is '" + text + "', expected heuristic, low-cardinality, wildcard, path or unset");
    };
  }

  private Sampler sampler() {
    Optional<Double> probability = settings.read("sampling.probability", Section::number);
    Optional<String> name = variable("OTEL_TRACES_SAMPLER");
    Optional<String> argument = variable("OTEL_TRACES_SAMPLER_ARG");
    Optional<String> fileName = settings.read("otel_traces_export.sampler.name", Section::text);
    Optional<String> fileArgument = settings.read("otel_traces_export.sampler.arg", Section::text);
    try {
      if (name.isPresent() || fileName.isPresent()) {
        String chosen = name.or(() -> fileName).orElseThrow();
        double ratio = Double.parseDouble(argument.or(() -> fileArgument).orElse("1"));
        return Sampler.named(chosen, ratio);
      }
      return probability.map(ratio -> new Sampler(ratio, true)).orElse(Sampler.ALL);
    } catch (NumberFormatException notANumber) {
      problems.add("the sampler's argument is no number, expected 0 to 1");
    } catch (IllegalArgumentException wrong) {
      problems.add(String.valueOf(wrong.getMessage()));
    }
    return Sampler.ALL;
  }

  private CapturedHeaders headers() {
    return new CapturedHeaders(
        lower(texts("capture.request_headers")),
        lower(texts("capture.response_headers")),
        lower(texts("capture.show_values")));
  }

  private List<String> texts(String key) {
    return settings.read(key, Section::texts).orElse(List.of());
  }

  /** The mappings of a list. */
  private List<Section> sections(String key) {
    return settings
        .read(key, value -> value.list().stream().map(item -> item.flat(Set.of())).toList())
        .orElse(List.of());
  }

  private static Set<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private Limits limits() {
    int ring =
        settings.read("limits.ring_bytes", Section::whole).orElse(Limits.DEFAULT.ringBytes());
    int queue =
        settings.read("limits.queue_spans", Section::whole).orElse(Limits.DEFAULT.queueSpans());
    Optional<Integer> cpu = settings.read("limits.max_cpu_percent", Section::whole);
    if (cpu.isPresent() && (cpu.get() < 1 || cpu.get() > 100)) {
      problems.add(
          "limits.max_cpu_percent is %d, expected 1 to 100; without it there is no limit"
              .formatted(cpu.get()));
      return Limits.DEFAULT;
    }
    try {
      return new Limits(ring, queue, cpu.orElse(Limits.DEFAULT.cpuPercent()));
    } catch (IllegalArgumentException wrong) {
      problems.add("limits: " + wrong.getMessage());
      return Limits.DEFAULT;
    }
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
