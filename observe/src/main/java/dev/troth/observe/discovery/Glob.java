package dev.troth.observe.discovery;

/**
 * A pattern of a text: {@code *} any characters, {@code ?} one, all others themselves. A star also
 * crosses slashes, so that {@code *}{@code /node} finds an executable wherever it lies.
 */
public record Glob(String pattern) {
  public Glob {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("a pattern is empty, expected such as */node");
    }
  }

  public boolean matches(String text) {
    int t = 0;
    int p = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
