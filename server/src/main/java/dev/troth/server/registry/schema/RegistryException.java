package dev.troth.server.registry.schema;

import java.util.List;

/** A request that the registry refuses, with the error code that Confluent's clients know. */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int code;

  private RegistryException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The error code; its first three digits are the HTTP status. */
  public int code() {
    return code;
  }

  public int status() {
    return code / 100;
  }

  public static RegistryException noSubject(SubjectName subject) {
    return new RegistryException(40401, "Subject '%s' not found.".formatted(subject));
  }

  public static RegistryException noVersion(int version) {
    return new RegistryException(40402, "Version %d not found.".formatted(version));
  }

  public static RegistryException noSchema() {
    return new RegistryException(40403, "Schema not found");
  }

  public static RegistryException noSchema(String id) {
    return new RegistryException(40403, "Schema %s not found".formatted(id));
  }

  public static RegistryException subjectDeleted(SubjectName subject) {
    return new RegistryException(
        40404,
        "Subject '%s' was soft deleted. Set permanent=true to delete permanently"
            .formatted(subject));
  }

  public static RegistryException subjectNotDeleted(SubjectName subject) {
    return new RegistryException(
        40405,
        "Subject '%s' was not deleted first before being permanently deleted".formatted(subject));
  }

  public static RegistryException versionDeleted(SubjectName subject, int version) {
    return new RegistryException(
        40406,
        "Subject '%s' Version %d was soft deleted. Set permanent=true to delete permanently"
            .formatted(subject, version));
  }

  public static RegistryException versionNotDeleted(SubjectName subject, int version) {
    return new RegistryException(
        40407,
        "Subject '%s' Version %d was not deleted first before being permanently deleted"
            .formatted(subject, version));
  }

  public static RegistryException noLevel(SubjectName subject) {
    return new RegistryException(
        40408,
        "Subject '%s' does not have subject-level compatibility configured".formatted(subject));
  }

  public static RegistryException noMode(SubjectName subject) {
    return new RegistryException(
        40409, "Subject '%s' does not have subject-level mode configured".formatted(subject));
  }

  public static RegistryException incompatible(SubjectName subject, String reasons) {
    return new RegistryException(
        40901,
        "Schema being registered is incompatible with an earlier schema for subject \"%s\", details: [%s]"
            .formatted(subject, reasons));
  }

  public static RegistryException invalidSchema(String why) {
    return new RegistryException(42201, "Invalid schema: " + why);
  }

  /** A schema that is longer than any that is read. */
  public static RegistryException tooLarge(int most) {
    return new RegistryException(
        42209,
        "Schema is too large: it has a text of more than %d characters, the longest that is read"
            .formatted(most));
  }

  public static RegistryException invalidVersion(String version) {
    return new RegistryException(
        42202,
        ("The specified version '%s' is not a valid version id. Allowed values are between [1,"
                + " 2^31-1] and the string \"latest\"")
            .formatted(version));
  }

  public static RegistryException invalidLevel(String level) {
    return new RegistryException(
        42203,
        ("Invalid compatibility level '%s'. Valid values are none, backward, forward, full,"
                + " backward_transitive, forward_transitive, and full_transitive")
            .formatted(level));
  }

  public static RegistryException invalidMode(String mode) {
    return new RegistryException(
        42204,
        ("Invalid mode '%s'. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, and IMPORT")
            .formatted(mode));
  }

  public static RegistryException notPermitted(String what) {
    return new RegistryException(42205, what);
  }

  public static RegistryException readOnly(SubjectName subject) {
    return notPermitted("Subject %s is in read-only mode".formatted(subject));
  }

  public static RegistryException referenced(SubjectName subject, int version, List<Integer> by) {
    return new RegistryException(
        42206,
        "One or more references exist to version %d of '%s': the schemas %s refer to it"
            .formatted(version, subject, by));
  }

  public static RegistryException otherId(int given, String why) {
    return new RegistryException(42207, "Schema id %d does not match: %s".formatted(given, why));
  }

  public static RegistryException invalidSubject(String subject) {
    return new RegistryException(
        42208,
        "The specified subject '%s' is not a valid subject: expected 1 to 500 characters without '*', blanks and controls, other than __GLOBAL"
            .formatted(subject));
  }

  public static RegistryException invalidRuleSet(String why) {
    return new RegistryException(42210, "Invalid ruleSet: " + why);
  }

  public static RegistryException contextNotEmpty(String context) {
    return new RegistryException(
        42211, "The specified context '%s' is not empty.".formatted(context));
  }

  public static RegistryException busy() {
    return new RegistryException(
        50302, "Too many schemas are being compared at the moment; try again");
  }
}
