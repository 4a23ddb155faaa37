package dev.troth.server.oncall;

import java.util.List;

/**
 * An escalation as clients see it.
 *
 * @param within in seconds
 */
public record EscalationView(String name, String target, List<String> line, long within) {
  static EscalationView of(Escalation escalation) {
    return new EscalationView(
        escalation.name(),
        escalation.target().toString(),
        escalation.line(),
        escalation.within().toSeconds());
  }
}
