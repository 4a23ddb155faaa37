package dev.troth.observe.btf;

/** The kinds of type that are looked up or written here, with their numbers in the format. */
public enum Kind {
  INT(1),
  ARRAY(3),
  STRUCT(4),
  UNION(5),
  TYPEDEF(8),
  FUNCTION(12);

  static final int HEADER_BYTES = 12;

  final int code;

  Kind(int code) {
    this.code = code;
  }

  /** Typedef, volatile, const, restrict and type tag only name or qualify another type. */
  static boolean isAlias(int kind) {
    return (kind >= 8 && kind <= 11) || kind == 18;
  }

  /** The bytes that follow a record's 12-byte header. */
  static int extraBytes(int kind, int members, int type) {
    return switch (kind) {
      case 1, 14, 17 -> 4; // int, variable, declaration tag
      case 3 -> 12; // array
      case 4, 5, 15, 19 -> 12 * members; // structure, union, data section, 64-bit enumeration
      case 6, 13 -> 8 * members; // enumeration, function prototype
      case 2, 7, 8, 9, 10, 11, 12, 16, 18 -> 0;
      default ->
          throw new IllegalArgumentException("BTF type " + type + " is of unknown kind " + kind);
    };
  }
}
