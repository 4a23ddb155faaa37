package dev.troth.observe.metrics;

/**
 * What was not seen of one service since the agent started. The first four are requests, each at
 * most; together they bound how many requests are missing.
 *
 * @param service its name; empty for what belongs to any service of the machine
 * @param lost requests that events may have held which were lost in the kernel, or messages that
 *     could not be read
 * @param abandoned requests whose outcome was not seen
 * @param dropped spans that were not sent
 * @param sampled requests that sampling left out
 * @param unjoined calls whose cause was not certain while requests were handled
 * @param unread connections to it that could not be read: how many requests they held is not known
 */
public record Unseen(
    String service,
    long lost,
    long abandoned,
    long dropped,
    long sampled,
    long unjoined,
    long unread) {
  public Unseen withDropped(long spans) {
    return new Unseen(service, lost, abandoned, spans, sampled, unjoined, unread);
  }
}
