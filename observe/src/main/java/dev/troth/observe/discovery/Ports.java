package dev.troth.observe.discovery;

import java.util.ArrayList;
import java.util.List;

/** A set of ports, written as numbers and ranges: {@code 80,8000-8999}. */
public record Ports(List<Range> ranges) {
  /** The ports from the first to the last, both included. */
  public record Range(int first, int last) {
    public Range {
      if (first < 1 || last > 65_535 || first > last) {
        throw new IllegalArgumentException(
            first == last
                ? "port is " + first + ", expected 1 to 65535"
                : "port range is "
                    + first
                    + "-"
                    + last
                    + ", expected within 1 to 65535 and ascending");
      }
    }
  }

  public Ports {
    ranges = List.copyOf(ranges);
  }

  public static Ports parse(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String[] ends = part.strip().split("-", 2);
      int first = number(ends[0], text);
      ranges.add(new Range(first, ends.length == 1 ? first : number(ends[1], text)));
    }
    return new Ports(ranges);
  }

  /** Whether it is a single port. */
  public boolean isOne() {
    return ranges.size() == 1 && ranges.getFirst().first == ranges.getFirst().last;
  }

  private static int number(String text, String whole) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "ports are '" + whole + "', expected numbers and ranges such as 80,8000-8999",
          notANumber);
    }
  }

  public boolean contains(int port) {
    for (Range range : ranges) {
      if (port >= range.first && port <= range.last) {
        return true;
      }
    }
    return false;
  }
}
