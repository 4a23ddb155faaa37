package dev.troth.json.file;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value in a file with its path and place, so that errors say where.
 *
 * <pre>{@code
 * Section spec = Section.of(file).need("spec");
 * spec.only("target", "window");
 * double target = spec.need("target").number();
 * }</pre>
 *
 * <p>A read of a wrong value throws a {@link WrongException}. {@link #read} hands it to the sink
 * instead, which may throw it on or collect it, so that a reader can end at the first error or list
 * them all. Not for use by several threads.
 */
public final class Section {
  private final SourceFile file;
  private final String pointer;
  private final String path;
  private final Json value;
  private final Consumer<WrongException> sink;
  private final Set<String> read = new LinkedHashSet<>();
  private @Nullable Map<String, Section> members;

  private Section(
      SourceFile file, String pointer, String path, Json value, Consumer<WrongException> sink) {
    this.file = file;
    this.pointer = pointer;
    this.path = path;
    this.value = value;
    this.sink = sink;
  }

  /** A whole document; its first wrong value ends the reading. */
  public static Section of(SourceFile file) {
    return of(
        file,
        wrong -> {
          throw wrong;
        });
  }

  /** A whole document whose wrong values go to the sink. */
  public static Section of(SourceFile file, Consumer<WrongException> sink) {
    return new Section(file, "", "", file.json(), sink);
  }

  /** A wrong value; the message names path, value and expectation. */
  public static final class WrongException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Location place;

    WrongException(Location place, String message) {
      super(message);
      this.place = place;
    }

    /** Where the value stands. */
    public Location place() {
      return place;
    }

    /** What is wrong, without the place. */
    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** The names of the keys and list items from the document to here: {@code spec.steps[0]}. */
  public String path() {
    return path;
  }

  /** Where the value stands. */
  public Location place() {
    return file.place(pointer);
  }

  /** Where the key of this value stands; the same as {@link #place} if it has none. */
  public Location keyPlace() {
    return file.keyPlace(pointer);
  }

  /** The line of the value, from 1; 1 also if the line is not known. */
  public int line() {
    return Math.max(1, place().line());
  }

  /** The value as JSON. */
  public Json value() {
    return value;
  }

  /** An error that says what was expected here. */
  public WrongException wrong(String expected) {
    String name = path.isEmpty() ? "document" : path;
    String given = isScalar() ? " is '" + written() + "'" : "";
    return new WrongException(place(), name + given + ", expected " + expected);
  }

  /** An error that says what somebody else found wrong here. */
  public WrongException wrong(IllegalArgumentException cause) {
    String prefix = path.isEmpty() ? "" : path + ": ";
    return new WrongException(place(), prefix + cause.getMessage());
  }

  /** Hands an error to the sink. */
  public void report(WrongException wrong) {
    sink.accept(wrong);
  }

  private Map<String, Section> members() {
    if (members == null) {
      if (!(value instanceof Json.Obj object)) {
        throw wrong("a mapping");
      }
      Map<String, Section> sections = new LinkedHashMap<>();
      object.members().forEach((key, member) -> sections.put(key, child(key, member)));
      members = sections;
    }
    return members;
  }

  private Section child(String key, Json member) {
    String name = path.isEmpty() ? key : path + "." + key;
    return new Section(file, JsonPointer.child(pointer, key), name, member, sink);
  }

  /**
   * The same mapping with the keys of all mappings below, joined by dots: {@code otlp: {endpoint:
   * x}} is {@code otlp.endpoint: x}. Of a key that is given twice, the sink hears and the first
   * counts. Mappings in lists stay as they are.
   *
   * @param whole the keys of mappings that stay as they are
   */
  public Section flat(Set<String> whole) {
    Section flat = new Section(file, pointer, path, value, sink);
    Map<String, Section> all = new LinkedHashMap<>();
    flatten("", whole, all);
    flat.members = all;
    return flat;
  }

  private void flatten(String prefix, Set<String> whole, Map<String, Section> all) {
    members()
        .forEach((key, member) -> {
          String name = prefix + key;
          if (member.isMapping() && !whole.contains(name)) {
            member.flatten(name + ".", whole, all);
            return;
          }
          Section earlier = all.putIfAbsent(name, member);
          if (earlier != null) {
            report(
                new WrongException(
                    member.keyPlace(),
                    "%s: is given twice (%s and %s)"
                        .formatted(
                            member.path,
                            fileLine(earlier.keyPlace()),
                            fileLine(member.keyPlace()))));
          }
        });
  }

  private static String fileLine(Location place) {
    return place.line() == 0 ? place.file() : place.file() + ":" + place.line();
  }

  /** The keys of a mapping, in the file's order. */
  public Set<String> keys() {
    return members().keySet();
  }

  /** The keys of a mapping that nobody has read, in the file's order. */
  public List<String> unread() {
    return members().keySet().stream().filter(key -> !read.contains(key)).toList();
  }

  /** The values of a mapping, in the file's order. */
  public Collection<Section> values() {
    return members().values();
  }

  /** The value of a key; none if it is absent or null. The key counts as read. */
  public Optional<Section> get(String key) {
    read.add(key);
    return Optional.ofNullable(members().get(key)).filter(section -> !section.isNull());
  }

  /** The value of a key that has to be there. */
  public Section need(String key) {
    return get(key)
        .orElseThrow(() ->
            new WrongException(
                place(), (path.isEmpty() ? "document" : path) + " has no '" + key + "'"));
  }

  /** Reads the value of a key; what is wrong goes to the sink. */
  public <T> Optional<T> read(String key, Function<Section, T> reading) {
    try {
      return get(key).map(reading);
    } catch (WrongException wrong) {
      report(wrong);
      return Optional.empty();
    }
  }

  /** Refuses other keys, so that a slip of the pen is not silently ignored. */
  public void only(String... known) {
    for (var member : members().entrySet()) {
      if (!List.of(known).contains(member.getKey())) {
        report(
            new WrongException(
                member.getValue().place(),
                "%s is not known here, expected one of %s"
                    .formatted(member.getValue().path, String.join(", ", known))));
      }
    }
  }

  /** Refuses every key that nobody read, with the nearest of those that somebody did. */
  public void onlyRead() {
    for (var member : members().entrySet()) {
      String key = member.getKey();
      if (!read.contains(key) && !member.getValue().isNull()) {
        String meant =
            NearestName.nearest(key, read, NearestName.allowance(key))
                .map(near -> ": did you mean '" + near + "'?")
                .orElse("");
        report(
            new WrongException(
                member.getValue().place(), member.getValue().path + " is not known" + meant));
      }
    }
  }

  public boolean isNull() {
    return value instanceof Json.Null;
  }

  public boolean isMapping() {
    return value instanceof Json.Obj;
  }

  public boolean isList() {
    return value instanceof Json.Arr;
  }

  /** Whether the value is neither a mapping nor a list. */
  public boolean isScalar() {
    return !isMapping() && !isList();
  }

  /** The items of a list. */
  public List<Section> list() {
    if (!(value instanceof Json.Arr array)) {
      throw wrong("a list");
    }
    List<Section> sections = new ArrayList<>();
    for (Json item : array.items()) {
      int i = sections.size();
      sections.add(
          new Section(file, JsonPointer.child(pointer, i), path + "[" + i + "]", item, sink));
    }
    return sections;
  }

  /** The items of an optional list. */
  public List<Section> list(String key) {
    return get(key).map(Section::list).orElse(List.of());
  }

  /** Several texts: a list, or one value that stands for a list of one. */
  public List<String> texts() {
    if (isScalar()) {
      return List.of(text());
    }
    for (Section item : list()) {
      if (!item.isScalar() || item.isNull()) {
        throw item.wrong("a text");
      }
    }
    return list().stream().map(Section::text).toList();
  }

  /** The texts of a mapping by their keys. */
  public Map<String, String> textsByKey() {
    Map<String, String> texts = new LinkedHashMap<>();
    members().forEach((key, member) -> texts.put(key, member.text()));
    return texts;
  }

  /** The value as somebody wrote it: {@code 007} and {@code 1.10} are texts. */
  public String text() {
    if (!isScalar()) {
      throw wrong("a text");
    }
    return written();
  }

  private String written() {
    return file.written(pointer, value);
  }

  public String text(String key, String otherwise) {
    return get(key).map(Section::text).orElse(otherwise);
  }

  public double number() {
    return parsed("a number", Section::finite);
  }

  /** Beyond the range of a double there is only infinity, which nobody wrote. */
  private static double finite(String text) {
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  public int whole() {
    return parsed("a whole number", Integer::parseInt);
  }

  public boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("true or false");
    };
  }

  public boolean flag(String key) {
    return get(key).map(Section::flag).orElse(false);
  }

  public Instant instant() {
    try {
      return OffsetDateTime.parse(text()).toInstant();
    } catch (DateTimeParseException notATime) {
      throw wrong("a time such as 2026-11-22T14:00:00Z");
    }
  }

  /** A text that a function reads, or refuses: a number that is none, or any other argument. */
  public <T> T parsed(String expected, Function<String, T> reading) {
    try {
      return reading.apply(text());
    } catch (NumberFormatException notANumber) {
      throw wrong(expected);
    } catch (IllegalArgumentException refused) {
      throw wrong(refused);
    }
  }

  /** A constant by its name in small letters. */
  public <E extends Enum<E>> E oneOf(Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      if (word.equals(text())) {
        return constant;
      }
      words.add(word);
    }
    throw wrong("one of " + String.join(", ", words));
  }

  public <E extends Enum<E>> E oneOf(String key, E otherwise) {
    return get(key).map(section -> section.oneOf(otherwise.getDeclaringClass())).orElse(otherwise);
  }
}
