package dev.troth.watch.change;

/**
 * A change as its author states it, before the log gives it a sequence, a version and a time.
 *
 * <pre>{@code
 * NewChange.of(new Subject("slo", "orders"), "alert.fired", "slo")
 *     .after(Fields.of("burnRate", 14.4))
 *     .critical();
 * }</pre>
 *
 * @param type what happened, such as {@code record.updated}
 * @param actor the user or the part of Troth that did it; is not told of it
 * @param before the fields before; none for a creation or an event
 * @param after the fields after; none for a deletion
 * @param event the attributes of the CloudEvent it came in as; none for all other changes
 * @param urgent passes mutes and quiet hours
 */
public record NewChange(
    Subject subject,
    String type,
    String actor,
    Fields before,
    Fields after,
    Fields event,
    boolean urgent) {
  private static final int LONGEST = 256;

  public NewChange {
    requireText("change type", type);
    requireText("change actor", actor);
  }

  private static void requireText(String name, String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "%s is '%s', expected 1 to %d characters".formatted(name, text, LONGEST));
    }
  }

  /** A change without fields. */
  public static NewChange of(Subject subject, String type, String actor) {
    return new NewChange(subject, type, actor, Fields.none(), Fields.none(), Fields.none(), false);
  }

  public NewChange before(Fields fields) {
    return new NewChange(subject, type, actor, fields, after, event, urgent);
  }

  public NewChange after(Fields fields) {
    return new NewChange(subject, type, actor, before, fields, event, urgent);
  }

  /** The same change, with the attributes of the CloudEvent it came in as. */
  public NewChange event(Fields attributes) {
    return new NewChange(subject, type, actor, before, after, attributes, urgent);
  }

  /** The same change, passing mutes and quiet hours. */
  public NewChange critical() {
    return new NewChange(subject, type, actor, before, after, event, true);
  }
}
