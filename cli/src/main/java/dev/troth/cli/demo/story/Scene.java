package dev.troth.cli.demo.story;

import java.net.URI;

/**
 * Where a story plays, and who tells it.
 *
 * @param console the platform
 * @param api the front door of the order services
 * @param store their database behind HTTP
 * @param faulty the service that is made to fail
 * @param mailbox where the developer's mail arrives
 * @param webhook where webhooks arrive
 * @param spans who makes the spans: {@code agent}, or {@code services}
 * @param narrator the customer of the story, and the token that says so
 */
public record Scene(
    URI console,
    URI api,
    URI store,
    URI faulty,
    URI mailbox,
    URI webhook,
    String spans,
    Narrator narrator) {

  /**
   * A customer of a name that nobody else has.
   *
   * @param token genuine, of this name
   * @param badToken one that the gate refuses
   */
  public record Narrator(String subject, String token, String badToken) {}
}
