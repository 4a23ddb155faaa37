package dev.troth.server.registry.schema;

/**
 * By what a schema is found again, made once and before anything is written.
 *
 * @param content of the schema alone, however it is spaced
 * @param fingerprint of the schema and what stands beside it
 * @param guid the fingerprint's beginning
 * @param meaning of the schema alone, whatever the order of its members
 */
public record Prints(String content, String fingerprint, String guid, String meaning) {
  public static Prints of(Submission schema) {
    String content = schema.content();
    String fingerprint = schema.fingerprint(content);
    return new Prints(
        content, fingerprint, Submission.guid(fingerprint), schema.normalized().content());
  }
}
