package dev.troth.slo.cloudformation;

import dev.troth.json.file.Location;

/** Something in a template that its deployment refuses. */
public record TemplateFault(Kind kind, Location place, String message, String cure) {
  /** What is wrong. */
  public enum Kind {
    /** A name that stands for nothing. */
    REFERENCE,
    /** A property that the type does not have. */
    PROPERTY,
    /** A property that has to be there, or may not be. */
    REQUIRED,
    /** A value that the property does not take. */
    VALUE
  }
}
