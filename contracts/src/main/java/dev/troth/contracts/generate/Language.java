package dev.troth.contracts.generate;

import java.util.Locale;
import java.util.Set;

/** What code is generated in. */
public enum Language {
  /** Java 25 or later: records and sealed interfaces. */
  JAVA,
  /** Python 3.11 or later: frozen dataclasses. */
  PYTHON,
  /** Go 1.19 or later: structs and sealed interfaces. */
  GO;

  /** As it is written on a command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether types may be put in a package of that name; only Java's may have dots. */
  public boolean isPackage(String name) {
    Set<String> keywords =
        switch (this) {
          case JAVA -> Names.Reserved.JAVA_KEYWORDS;
          case PYTHON -> Names.Reserved.PYTHON;
          case GO -> Names.Reserved.GO_KEYWORDS;
        };
    for (String part : this == JAVA ? name.split("\\.", -1) : new String[] {name}) {
      if (!part.matches("[A-Za-z_][A-Za-z0-9_]*") || keywords.contains(part)) {
        return false;
      }
    }
    return true;
  }
}
