package dev.troth.observe.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys that files of other eBPF agents have and that change nothing here: they are passed over with
 * a word why, so that a file can be tried as it is. What would change who is watched is not among
 * them.
 */
final class ForeignKeys {
  private static final Map<String, String> REASONS = reasons();

  private ForeignKeys() {}

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("log_level", "this agent says what a person should know and no more");
    reasons.put("ebpf.context_propagation", "propagate: true puts traceparent into requests");
    reasons.put("ebpf.", "the programs in the kernel have no settings but capture.* and limits.*");
    reasons.put("attributes.", "attributes are those of the semantic conventions");
    reasons.put("otel_metrics_export.", "metrics are request durations, sent to the one endpoint");
    reasons.put("otel_traces_export.", "all protocols that are read are reported");
    reasons.put("prometheus_export.", "metrics are at /metrics of the port");
    reasons.put("routes.wildcard_char", "the sign for any name is *");
    reasons.put("routes.ignored_pattern", "see routes.ignored_patterns");
    reasons.put("discovery.survey", "there is no survey");
    reasons.put(
        "discovery.exclude_otel_instrumented_services", "a service's own spans stay its own");
    reasons.put(
        "discovery.default_exclude_instrument", "the agent and its receiver are left alone");
    reasons.put("discovery.poll_interval", "processes are noticed when they begin to listen");
    for (String own :
        new String[] {
          "nodejs.",
          "javaagent.",
          "network.",
          "stats.",
          "internal_metrics.",
          "name_resolver.",
          "grafana."
        }) {
      reasons.put(own, "there is no such part here");
    }
    for (String tuning :
        new String[] {
          "profile_port", "channel_buffer_len", "shutdown_timeout", "enforce_sys_caps"
        }) {
      reasons.put(tuning, "there is nothing to tune");
    }
    return reasons;
  }

  /** What to say about a key that is passed over; empty if it is not one of them. */
  static Optional<String> note(String key) {
    return REASONS.entrySet().stream()
        .filter(one ->
            one.getKey().endsWith(".") ? key.startsWith(one.getKey()) : key.equals(one.getKey()))
        .findFirst()
        .map(one -> key + " is passed over: " + one.getValue());
  }
}
