package dev.troth.server.http;

import io.helidon.common.parameters.Parameters;
import io.helidon.common.uri.UriEncoding;
import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.RoutedPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Paths compared segment by segment as they were written, so that a name may hold a slash that is
 * escaped: {@code /subjects/a%2Fb} has the subject {@code a/b}.
 */
public final class WrittenPath implements PathMatcher {
  private final String template;
  private final List<String> segments;

  /** Paths of a template such as {@code /subjects/{subject}/versions}. */
  public WrittenPath(String template) {
    this.template = template;
    this.segments = split(template);
  }

  private static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    int from = 0;
    for (int to = path.indexOf('/'); to >= 0; to = path.indexOf('/', from)) {
      segments.add(path.substring(from, to));
      from = to + 1;
    }
    segments.add(path.substring(from));
    if (segments.size() > 2 && segments.getLast().isEmpty()) {
      segments.removeLast();
    }
    return segments;
  }

  /** A path that no route has matched yet. */
  static RoutedPath unrouted(UriPath path) {
    return new Matched(path, Parameters.empty("http/path"));
  }

  @Override
  public PathMatchers.MatchResult match(UriPath path) {
    List<String> given = split(path.rawPath());
    if (given.size() != segments.size()) {
      return PathMatchers.MatchResult.notAccepted();
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        String written = given.get(i);
        String name = written.indexOf('%') < 0 ? written : UriEncoding.decodeUri(written);
        if (name.isEmpty() || climbs(name)) {
          return PathMatchers.MatchResult.notAccepted();
        }
        names.put(segment.substring(1, segment.length() - 1), name);
      } else if (!segment.equals(given.get(i))) {
        return PathMatchers.MatchResult.notAccepted();
      }
    }
    return new PathMatchers.MatchResult(
        true, new Matched(path, Parameters.createSingleValueMap("http/path", names)));
  }

  /** Whoever decodes the path as a whole would see another one. */
  private static boolean climbs(String name) {
    if (name.charAt(0) != '.' && !name.contains("/.")) {
      return false;
    }
    return Stream.of(name.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."));
  }

  @Override
  public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
    return PathMatchers.PrefixMatchResult.notAccepted();
  }

  @Override
  public Optional<String> matchingElement() {
    return Optional.of(template);
  }

  private record Matched(UriPath written, Parameters pathParameters) implements RoutedPath {
    @Override
    public RoutedPath absolute() {
      return this;
    }

    @Override
    public String rawPath() {
      return written.rawPath();
    }

    @Override
    public String rawPathNoParams() {
      return written.rawPathNoParams();
    }

    @Override
    public String path() {
      return written.path();
    }

    @Override
    public Parameters matrixParameters() {
      return written.matrixParameters();
    }

    @Override
    public void validate() {
      written.validate();
    }
  }
}
