package dev.troth.orders.process;

import dev.troth.orders.http.Service;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A command line of {@code --name value} and {@code --switch}; a mistake names what was expected.
 */
public final class Flags {
  private final Map<String, String> values = new HashMap<>();
  private final Set<String> switches = new HashSet<>();

  /** What a command line may hold. */
  public record Known(List<String> valued, List<String> switches) {
    Known and(Known more) {
      return new Known(join(valued, more.valued), join(switches, more.switches));
    }

    private static List<String> join(List<String> one, List<String> two) {
      return Stream.concat(one.stream(), two.stream()).toList();
    }

    String usage() {
      StringBuilder usage = new StringBuilder();
      valued.forEach(name -> usage.append(" [").append(name).append(" VALUE]"));
      switches.forEach(name -> usage.append(" [").append(name).append(']'));
      return usage.toString();
    }
  }

  /** A mistake on the command line. */
  public static final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Mistake(String message) {
      super(message, null, false, false);
    }
  }

  public Flags(List<String> arguments, Known known) {
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      if (known.switches().contains(name)) {
        switches.add(name);
      } else if (!known.valued().contains(name)) {
        throw new Mistake("unknown flag " + name + ", expected" + known.usage());
      } else if (++i == arguments.size()) {
        throw new Mistake(name + " has no value");
      } else {
        values.put(name, arguments.get(i));
      }
    }
  }

  public boolean on(String name) {
    return switches.contains(name);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A whole number within bounds. */
  public int number(String name, int fallback, int least, int most) {
    String value = values.get(name);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with the range
    }
    throw new Mistake(
        "%s is '%s', expected a whole number from %d to %d".formatted(name, value, least, most));
  }

  /** Where to listen, from the flags that all services share. */
  public Service.Listen listen(int fallbackPort) {
    return new Service.Listen(number("--port", fallbackPort, 0, 65_535), on("--virtual-threads"));
  }

  /** An {@code http://host:port} address. */
  public Optional<URI> uri(String name) {
    return text(name).map(value -> parse(name, value));
  }

  public URI uri(String name, String fallback) {
    return parse(name, values.getOrDefault(name, fallback));
  }

  private static URI parse(String name, String value) {
    try {
      URI uri = URI.create(value);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri.getPort() < 0 ? URI.create("http://" + uri.getHost() + ":80") : uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new Mistake("%s is '%s', expected http://host:port".formatted(name, value));
  }
}
