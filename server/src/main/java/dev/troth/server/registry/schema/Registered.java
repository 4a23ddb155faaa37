package dev.troth.server.registry.schema;

/**
 * One version of a registry subject.
 *
 * @param id of its schema, in its context
 * @param guid the same for the same schema everywhere
 * @param deleted whether it was deleted, and can still be deleted for good
 */
public record Registered(
    SubjectName subject, int version, int id, String guid, Submission schema, boolean deleted) {
  /** As clients compare answers: two with the same tag are the same. */
  public String tag() {
    return "\"%s-%d-%d%s\"".formatted(guid, id, version, deleted ? "-deleted" : "");
  }
}
