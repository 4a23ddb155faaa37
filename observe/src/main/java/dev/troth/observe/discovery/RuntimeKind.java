package dev.troth.observe.discovery;

/** What a process runs on, as far as it matters for names and for whose thread does what. */
public enum RuntimeKind {
  JAVA("java"),
  NODE("nodejs"),
  PYTHON("python"),
  GO("go"),
  RUBY("ruby"),
  PHP("php"),
  DOTNET("dotnet"),
  OTHER("");

  private final String language;

  RuntimeKind(String language) {
    this.language = language;
  }

  /** The value of {@code telemetry.sdk.language}, or an empty text. */
  public String language() {
    return language;
  }
}
