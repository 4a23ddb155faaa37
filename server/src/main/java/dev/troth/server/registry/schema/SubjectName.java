package dev.troth.server.registry.schema;

import dev.troth.watch.change.Subject;

/**
 * The name of a registry subject and the context that it lies in: {@code order-value}, or {@code
 * :.staging:order-value}.
 *
 * @param context {@code .} for the default, else {@code .NAME}
 * @param name empty where the context as a whole is meant
 */
public record SubjectName(String context, String name) {
  public static final String DEFAULT_CONTEXT = ".";

  private static final int LONGEST = 500;
  private static final String VALUE = "-value";

  /** What clients take for all subjects of a context, and for all contexts. */
  private static final String RESERVED = "__GLOBAL";

  /** As clients write it. */
  public static SubjectName of(String text) {
    if (text.startsWith(":.")) {
      int end = text.indexOf(':', 1);
      if (end > 0) {
        return new SubjectName(text.substring(1, end), text.substring(end + 1));
      }
    }
    return new SubjectName(DEFAULT_CONTEXT, text);
  }

  /** Below an address that names a context; a name that says its own keeps it. */
  public static SubjectName of(String context, String text) {
    SubjectName name = of(text);
    return text.startsWith(":.") ? name : new SubjectName(context, name.name());
  }

  /** The context as a whole. */
  public static SubjectName ofContext(String context) {
    return new SubjectName(context, "");
  }

  /** The name of a context as clients write it; the dot may be missing. */
  public static String context(String text) {
    return text.startsWith(".") ? text : "." + text;
  }

  public boolean inDefaultContext() {
    return context.equals(DEFAULT_CONTEXT);
  }

  /** With the context, unless it is the default one. */
  public String qualified() {
    return inDefaultContext() ? name : absolute();
  }

  /** With the context, whichever it is. */
  public String absolute() {
    return ":" + context + ":" + name;
  }

  /** This name, if it can be a subject's; else 42208. */
  public SubjectName requireValid() {
    boolean valid =
        !name.isEmpty()
            && !name.equals(RESERVED)
            && !context.equals("." + RESERVED)
            && name.length() + context.length() <= LONGEST
            && (name + context)
                .chars()
                .noneMatch(c -> c == '*' || Character.isWhitespace(c) || Character.isISOControl(c));
    if (!valid) {
      throw RegistryException.invalidSubject(qualified());
    }
    return this;
  }

  /** What users watch: the contract; values of a topic go by the topic's name. */
  public Subject watched() {
    String full = qualified();
    boolean value = name.endsWith(VALUE) && name.length() > VALUE.length();
    return new Subject(
        "contract", value ? full.substring(0, full.length() - VALUE.length()) : full);
  }

  @Override
  public String toString() {
    return qualified();
  }
}
