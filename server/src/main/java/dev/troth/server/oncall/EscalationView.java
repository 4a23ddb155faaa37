package dev.troth.server.oncall;

import java.util.List;

/**
 * An escalation as clients see it.
 *
 * @param within in seconds
 * @param withoutAddress those in line who have no address: the inbox alone tells them
 */
public record EscalationView(
    String name, String target, List<String> line, long within, List<String> withoutAddress) {
  static EscalationView of(Escalation escalation, List<String> withoutAddress) {
    return new EscalationView(
        escalation.name(),
        escalation.target().toString(),
        escalation.line(),
        escalation.within().toSeconds(),
        withoutAddress);
  }
}
