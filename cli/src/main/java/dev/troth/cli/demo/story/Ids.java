package dev.troth.cli.demo.story;

import java.util.List;

/**
 * The ids that link one room of the story to the next.
 *
 * @param order what was kept of the order
 * @param failure what was seen of the failure
 * @param fired by whom and how it was told that the objective burns
 * @param resolved the same of its recovery; empty if the story ended before
 */
public record Ids(Order order, Failed failure, Told fired, List<Told> resolved) {
  /**
   * @param subject whom the gate let in
   * @param order the id of the order
   * @param event the id of the event
   * @param schema the version of the contract that the event names
   * @param trace the trace of the request
   */
  public record Order(String subject, String order, String event, String schema, String trace) {}

  /**
   * @param trace of an order that failed
   * @param objective which promise it broke
   * @param incident the incident that it is of
   */
  public record Failed(String trace, String objective, String incident) {}

  /**
   * @param seq the change that watchers were told of
   * @param mail the key of its e-mail
   * @param webhook the key of its webhook
   */
  public record Told(long seq, String mail, String webhook) {}
}
