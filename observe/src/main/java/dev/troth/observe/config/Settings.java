package dev.troth.observe.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Plain data as from YAML, taken key by key: {@code otlp: {endpoint: x}} and {@code otlp.endpoint:
 * x} are the same. What is wrong is collected; what nobody took is unknown.
 */
final class Settings {
  private final String place;
  private final Map<String, Object> values = new TreeMap<>();
  private final TreeSet<String> known = new TreeSet<>();
  private final List<String> problems;

  private Settings(String place, List<String> problems) {
    this.place = place;
    this.problems = problems;
  }

  static Settings of(Map<?, ?> data, String place, List<String> problems) {
    Settings settings = new Settings(place, problems);
    settings.flatten("", data);
    return settings;
  }

  private void flatten(String prefix, Map<?, ?> data) {
    for (Map.Entry<?, ?> entry : data.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof Map<?, ?> inner) {
        flatten(key + ".", inner);
      } else if (entry.getValue() != null) {
        values.put(key, entry.getValue());
      }
    }
  }

  Optional<String> text(String key) {
    return take(key)
        .flatMap(value -> {
          if (value instanceof List<?> || value instanceof Map<?, ?>) {
            problem(key, value, "a single value");
            return Optional.empty();
          }
          return Optional.of(value.toString());
        });
  }

  Optional<Double> number(String key) {
    return parsed(key, "a number", Double::valueOf);
  }

  Optional<Integer> whole(String key) {
    return parsed(key, "a whole number", Integer::valueOf);
  }

  /** A value that is read by a function which may find it wrong. */
  <T> Optional<T> parsed(String key, String expected, Function<String, T> reading) {
    return text(key)
        .flatMap(text -> {
          try {
            return Optional.of(reading.apply(text));
          } catch (NumberFormatException notANumber) {
            problem(key, text, expected);
            return Optional.empty();
          } catch (IllegalArgumentException wrong) {
            problems.add(at(key) + ": " + wrong.getMessage());
            return Optional.empty();
          }
        });
  }

  /** Several texts: a list, or one value that stands for a list of one. */
  List<String> texts(String key) {
    Optional<Object> value = take(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof List<?> list)) {
      return List.of(value.get().toString());
    }
    List<String> texts = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof Map<?, ?> || element instanceof List<?> || element == null) {
        problem(key, value.get(), "a list of texts");
      } else {
        texts.add(element.toString());
      }
    }
    return texts;
  }

  /** A list of sections. */
  List<Settings> sections(String key) {
    Optional<Object> value = take(key);
    List<Settings> sections = new ArrayList<>();
    if (value.isPresent() && value.get() instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof Map<?, ?> map) {
          sections.add(of(map, at(key) + "[" + i + "].", problems));
        } else {
          problem(key, value.get(), "a list of sections");
        }
      }
    } else {
      value.ifPresent(other -> problem(key, other, "a list of sections"));
    }
    return sections;
  }

  /** The keys that begin so, each with what follows; they count as taken. */
  List<String> under(String prefix) {
    return values.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .toList();
  }

  boolean has(String prefix) {
    return values.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  void problem(String key, Object value, String expected) {
    problems.add(at(key) + " is '" + value + "', expected " + expected);
  }

  void problem(String message) {
    problems.add((place.isEmpty() ? "" : place + " ") + message);
  }

  /** The keys that nobody took yet. */
  List<String> keys() {
    return List.copyOf(values.keySet());
  }

  /** Takes a key without looking at its value. */
  void pass(String key) {
    take(key);
  }

  /** Every key that nobody took is a problem, with the nearest known one as a suggestion. */
  void finish() {
    for (String key : values.keySet()) {
      String nearest = "";
      int best = Integer.MAX_VALUE;
      for (String candidate : known) {
        int distance = distance(key, candidate);
        if (distance < best) {
          best = distance;
          nearest = candidate;
        }
      }
      boolean near = best <= Math.max(2, key.length() / 3);
      problems.add(at(key) + " is not known" + (near ? ": did you mean '" + nearest + "'?" : ""));
    }
  }

  private Optional<Object> take(String key) {
    known.add(key);
    return Optional.ofNullable(values.remove(key));
  }

  private String at(String key) {
    return place + key;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
