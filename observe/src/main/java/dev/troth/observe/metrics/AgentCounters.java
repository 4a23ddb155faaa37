package dev.troth.observe.metrics;

/**
 * What the agent has counted since it started.
 *
 * @param lost events that found no room in the ring buffer
 * @param shed parts of bodies that were left out so that heads find room
 * @param unreadable messages whose memory could not be read
 * @param abandoned requests whose outcome was lost with events
 * @param notSampled operations that sampling or filters left out
 */
public record AgentCounters(
    int targets,
    long events,
    long lost,
    long shed,
    long unreadable,
    long requests,
    long abandoned,
    long spans,
    long notSampled,
    int openSockets) {
  public static final AgentCounters NONE = new AgentCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
