package dev.troth.json.file;

/**
 * What a file of YAML may cost.
 *
 * @param mostBytes its length
 * @param mostAliases how often it may repeat a list or mapping by alias
 */
public record YamlLimits(int mostBytes, int mostAliases) {
  /** 3 MiB and 50 repetitions, as much as any contract takes. */
  public static final YamlLimits DEFAULT = new YamlLimits(3 << 20, 50);

  public YamlLimits {
    if (mostBytes < 1 || mostAliases < 0) {
      throw new IllegalArgumentException(
          "limits are %d bytes and %d aliases, expected at least 1 and 0"
              .formatted(mostBytes, mostAliases));
    }
  }
}
