package dev.troth.server.registry;

/** A request that the registry refuses, with the error code that Confluent's clients know. */
final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int code;

  private RegistryException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The error code; its first three digits are the HTTP status. */
  int code() {
    return code;
  }

  int status() {
    return code / 100;
  }

  static RegistryException noSubject(String subject) {
    return new RegistryException(40401, "Subject '%s' not found.".formatted(subject));
  }

  static RegistryException noVersion(int version) {
    return new RegistryException(40402, "Version %d not found.".formatted(version));
  }

  static RegistryException noSchema() {
    return new RegistryException(40403, "Schema not found");
  }

  static RegistryException noSchema(int id) {
    return new RegistryException(40403, "Schema %d not found".formatted(id));
  }

  static RegistryException noLevel(String subject) {
    return new RegistryException(
        40408,
        "Subject '%s' does not have subject-level compatibility configured".formatted(subject));
  }

  static RegistryException incompatible(String subject, String reasons) {
    return new RegistryException(
        40901,
        "Schema being registered is incompatible with an earlier schema for subject \"%s\", details: [%s]"
            .formatted(subject, reasons));
  }

  static RegistryException invalidSchema(String reason) {
    return new RegistryException(42201, "Invalid schema: " + reason);
  }

  static RegistryException invalidVersion(String version) {
    return new RegistryException(
        42202,
        ("The specified version '%s' is not a valid version id. Allowed values are between [1,"
                + " 2^31-1] and the string \"latest\"")
            .formatted(version));
  }

  static RegistryException invalidLevel(String level) {
    return new RegistryException(
        42203,
        ("Invalid compatibility level '%s'. Valid values are none, backward, forward, full,"
                + " backward_transitive, forward_transitive, and full_transitive")
            .formatted(level));
  }

  static RegistryException invalidSubject(String subject) {
    return new RegistryException(
        42208,
        "The specified subject '%s' is not a valid subject: expected 1 to 500 characters without '*', blanks and controls"
            .formatted(subject));
  }

  static RegistryException notSupported(String what) {
    return new RegistryException(42205, what);
  }

  static RegistryException busy() {
    return new RegistryException(
        50302, "Too many schemas are being compared at the moment; try again");
  }
}
