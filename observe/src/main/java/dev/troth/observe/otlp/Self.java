package dev.troth.observe.otlp;

/**
 * The agent, as its own messages name it.
 *
 * @param host the machine
 * @param process the number of the agent
 */
public record Self(String host, long process) {
  void resource(ProtoWriter out) {
    int resource = out.begin(1);
    Scope.text(out, 1, "service.name", "troth-observe");
    Scope.text(out, 1, "service.instance.id", host + ":" + process);
    Scope.text(out, 1, "host.name", host);
    out.end(resource);
  }
}
