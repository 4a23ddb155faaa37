package dev.troth.observe.metrics;

import java.util.List;

/**
 * What the agent has counted since it started.
 *
 * @param requests requests that were seen to begin
 * @param abandoned requests whose outcome was lost with events
 * @param unread connections that could not be read, by service, port and reason
 */
public record AgentCounters(
    int targets,
    int openSockets,
    Kernel kernel,
    long requests,
    long abandoned,
    Operations operations,
    Trouble trouble,
    List<Unread> unread) {

  /**
   * What was counted in the kernel.
   *
   * @param lost events that found no room in the ring buffer
   * @param shed parts of bodies that were left out so that heads find room
   * @param unreadable messages whose memory could not be read
   * @param unix messages over unix sockets, which are not read
   * @param hidden messages that did not pass by a call that reads or writes, as those of io_uring,
   *     on sockets of which nothing is known
   * @param cut messages that may hold requests, of which the rest was left out for want of room
   */
  public record Kernel(
      long events, long lost, long shed, long unreadable, long unix, long hidden, long cut) {}

  /**
   * What was made of them.
   *
   * @param spans operations that were told of
   * @param notSampled operations that sampling or filters left out
   * @param unjoined calls of processes that were handling requests, none of which certainly caused
   *     it
   * @param injected calls into which a trace context was written
   */
  public record Operations(long spans, long notSampled, long unjoined, long injected) {}

  /**
   * What went wrong with the agent itself.
   *
   * @param stalls times that it did not run for a second
   * @param faults connections given up because reading them failed
   * @param givenUp connections given up because all together held too much
   * @param strangers events of processes that were not known
   */
  public record Trouble(long stalls, long faults, long givenUp, long strangers) {}

  public static final AgentCounters NONE =
      new AgentCounters(
          0,
          0,
          new Kernel(0, 0, 0, 0, 0, 0, 0),
          0,
          0,
          new Operations(0, 0, 0, 0),
          new Trouble(0, 0, 0, 0),
          List.of());

  public AgentCounters {
    unread = List.copyOf(unread);
  }

  public long events() {
    return kernel.events;
  }

  public long spans() {
    return operations.spans;
  }

  public long notSampled() {
    return operations.notSampled;
  }

  public long unjoined() {
    return operations.unjoined;
  }

  public long injected() {
    return operations.injected;
  }

  public long lost() {
    return kernel.lost;
  }

  /**
   * About how many requests were never seen: as many as events that were lost, cut, or belong to no
   * known process, stand for by the measure of those that were read. It is an estimate, because
   * nobody knows what was in them; where nothing was read, each counts for one.
   */
  public long missing() {
    long unread = kernel.lost + kernel.cut + trouble.strangers;
    long read = kernel.events - trouble.strangers;
    if (unread == 0 || read <= 0 || requests == 0) {
      return unread;
    }
    return Math.max(1, Math.round((double) unread * requests / read));
  }
}
