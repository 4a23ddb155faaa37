package dev.troth.observe.config;

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
 * Reads the agent's configuration from plain data and from the {@code OTEL_*} variables, which
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
  private final Settings settings;
  private final Map<String, String> environment;
  private final NetworkInterfaces interfaces;

  /** Whether nothing says which processes: then all that listen are watched. */
  private boolean everything;

  private ConfigReader(
      Map<?, ?> data, Map<String, String> environment, NetworkInterfaces interfaces) {
    this.settings = Settings.of(data, "", problems);
    this.environment = environment;
    this.interfaces = interfaces;
  }

  /**
   * Reads and validates; a {@link ConfigException} tells everything that is wrong.
   *
   * @param data as a YAML library gives it: maps, lists, texts, numbers
   */
  public static Reading read(
      Map<?, ?> data, Map<String, String> environment, NetworkInterfaces interfaces) {
    return new ConfigReader(data, environment, interfaces).read();
  }

  private Reading read() {
    Optional<String> fileName =
        settings.text("service.name").or(() -> settings.text("service_name"));
    Optional<String> name = variable("OTEL_SERVICE_NAME").or(() -> fileName);
    Optional<String> namespace =
        settings.text("service.namespace").or(() -> settings.text("service_namespace"));
    List<Selector> instrument = new ArrayList<>();
    for (Settings section : settings.sections("discovery.instrument")) {
      selector(section).ifPresent(instrument::add);
    }
    top().ifPresent(instrument::add);
    List<Selector> exclude = new ArrayList<>();
    for (Settings section : settings.sections("discovery.exclude_instrument")) {
      selector(section).ifPresent(exclude::add);
    }
    Set<String> addresses = listen(instrument);
    SpanFilter filter = filter(addresses);
    Routing routing = routing();
    Sampler sampler = sampler();
    CapturedHeaders headers = headers();
    Exports exports = new ExportReader(settings, environment, problems).read();
    Limits limits = limits();
    Optional<Hook> hook = settings.parsed("capture.hook", "a hook", Hook::of);
    settings
        .text("instrumentation.language")
        .ifPresent(language ->
            notes.add(
                "instrumentation.language is '"
                    + language
                    + "': not needed, processes are watched from the kernel in any language"));
    boolean everyNetwork =
        settings.text("discovery.every_network").map("true"::equals).orElse(false);
    for (String key : settings.keys()) {
      ForeignKeys.note(key)
          .ifPresent(note -> {
            settings.pass(key);
            notes.add(note);
          });
    }
    settings.finish();
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
        new ObserveConfig(named, exclude, routing, sampler, filter, headers, exports, limits, hook),
        notes);
  }

  private Optional<Selector> top() {
    Optional<Ports> ports = settings.parsed("open_port", "ports", Ports::parse);
    Optional<Glob> executable =
        settings
            .parsed("executable_path", "a pattern", Glob::new)
            .or(() ->
                settings.parsed(
                    "executable_name", "a pattern", name -> new Glob("*" + name + "*")));
    return ports.isEmpty() && executable.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Selector(
                ports, OptionalInt.empty(), executable, Optional.empty(), Optional.empty()));
  }

  private Optional<Selector> selector(Settings section) {
    int before = problems.size();
    Optional<Ports> ports =
        section
            .parsed("open_ports", "ports", Ports::parse)
            .or(() -> section.parsed("open_port", "ports", Ports::parse));
    Optional<Glob> executable =
        section
            .parsed("exe_path", "a pattern", Glob::new)
            .or(() -> section.parsed("executable_path", "a pattern", Glob::new));
    Optional<Integer> process = section.whole("pid");
    Optional<String> name = section.text("name");
    Optional<String> namespace = section.text("namespace");
    section.finish();
    if (ports.isEmpty() && executable.isEmpty() && process.isEmpty()) {
      if (before == problems.size()) {
        section.problem("names nothing, expected open_ports, exe_path or pid");
      }
      return Optional.empty();
    }
    return Optional.of(
        new Selector(
            ports,
            process.isPresent() ? OptionalInt.of(process.get()) : OptionalInt.empty(),
            executable,
            name,
            namespace));
  }

  /**
   * Addresses, interfaces or {@code address:port}; with them alone every listening process is
   * watched.
   */
  private Set<String> listen(List<Selector> instrument) {
    List<String> places = settings.texts("listen.interfaces");
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
          settings.problem("listen.interfaces", place, "an address, an interface or address:port");
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
    List<Glob> included = globs(settings.texts("filters.include_paths"));
    List<Glob> ignored = globs(settings.texts("filters.exclude_paths"));
    settings
        .parsed("filter.application.url_path.match", "a pattern", Glob::new)
        .ifPresent(included::add);
    settings
        .parsed("filter.application.url_path.not_match", "a pattern", Glob::new)
        .ifPresent(ignored::add);
    ignored.addAll(globs(settings.texts("routes.ignored_patterns")));
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
    List<String> patterns = settings.texts("routes.patterns");
    Routes.Unmatched unmatched =
        settings
            .parsed("routes.unmatched", "a way", ConfigReader::unmatched)
            .orElse(Routing.DEFAULT.unmatched());
    int most =
        settings.whole("routes.max_path_segment_cardinality").orElse(Routing.DEFAULT.mostNames());
    settings
        .text("routes.ignore_mode")
        .filter(mode -> !mode.equals("all") && !mode.equals("traces"))
        .ifPresent(mode -> settings.problem("routes.ignore_mode", mode, "all or traces"));
    try {
      Routing routing = new Routing(patterns, unmatched, most);
      routing.routes();
      return routing;
    } catch (IllegalArgumentException wrong) {
      settings.problem("routes: " + wrong.getMessage());
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
    Optional<Double> probability = settings.number("sampling.probability");
    Optional<String> name = variable("OTEL_TRACES_SAMPLER");
    Optional<String> argument = variable("OTEL_TRACES_SAMPLER_ARG");
    Optional<String> fileName = settings.text("otel_traces_export.sampler.name");
    Optional<String> fileArgument = settings.text("otel_traces_export.sampler.arg");
    try {
      if (name.isPresent() || fileName.isPresent()) {
        String chosen = name.or(() -> fileName).orElseThrow();
        double ratio = Double.parseDouble(argument.or(() -> fileArgument).orElse("1"));
        return Sampler.named(chosen, ratio);
      }
      return probability.map(ratio -> new Sampler(ratio, true)).orElse(Sampler.ALL);
    } catch (NumberFormatException notANumber) {
      settings.problem("the sampler's argument is no number, expected 0 to 1");
    } catch (IllegalArgumentException wrong) {
      settings.problem(String.valueOf(wrong.getMessage()));
    }
    return Sampler.ALL;
  }

  private CapturedHeaders headers() {
    return new CapturedHeaders(
        lower(settings.texts("capture.request_headers")),
        lower(settings.texts("capture.response_headers")),
        lower(settings.texts("capture.show_values")));
  }

  private static Set<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private Limits limits() {
    int ring = settings.whole("limits.ring_bytes").orElse(Limits.DEFAULT.ringBytes());
    int queue = settings.whole("limits.queue_spans").orElse(Limits.DEFAULT.queueSpans());
    int cpu = settings.whole("limits.max_cpu_percent").orElse(Limits.DEFAULT.cpuPercent());
    try {
      return new Limits(ring, queue, cpu);
    } catch (IllegalArgumentException wrong) {
      settings.problem("limits: " + wrong.getMessage());
      return Limits.DEFAULT;
    }
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
