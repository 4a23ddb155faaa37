package dev.troth.json;

/**
 * What a document may cost, so that hostile input takes bounded time and memory.
 *
 * @param maxBytes the length of a document in bytes
 * @param maxDepth how deep arrays and objects may nest
 * @param maxNumberLength the length of one number in characters
 * @param maxExponent the magnitude of a number's exponent
 */
public record JsonLimits(int maxBytes, int maxDepth, int maxNumberLength, int maxExponent) {
  /** 64 MiB, 256 levels, numbers of 1,000 characters, exponents to ±99,999. */
  public static final JsonLimits DEFAULT = new JsonLimits(64 << 20, 256, 1_000, 99_999);

  public JsonLimits {
    if (maxBytes < 1 || maxDepth < 1 || maxNumberLength < 1 || maxExponent < 0) {
      throw new IllegalArgumentException(
          "limits are %d bytes, %d levels, %d characters, exponent %d, expected positive values"
              .formatted(maxBytes, maxDepth, maxNumberLength, maxExponent));
    }
  }
}
