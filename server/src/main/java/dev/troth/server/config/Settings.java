package dev.troth.server.config;

import dev.troth.json.file.NearestName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The value of every key, merged: flags before environment before file before defaults. */
public final class Settings {
  /** What the launcher and the commands read themselves. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "TROTH_AOT",
          "TROTH_CA_FILE",
          "TROTH_CONFIG",
          "TROTH_DEBUG",
          "TROTH_HOME",
          "TROTH_JAVA_OPTS",
          "TROTH_JDK",
          "TROTH_SERVER",
          "TROTH_SUITES",
          "TROTH_TOKEN");

  private final Map<String, Setting<?>> byName;

  private Settings(Map<String, Setting<?>> byName) {
    this.byName = byName;
  }

  /**
   * Merges and reads the settings of all keys.
   *
   * @throws ConfigErrors with every error at once
   */
  public static Settings load(List<Key<?>> keys, Inputs inputs) {
    List<String> errors = new ArrayList<>();
    Map<String, YamlSettings.Text> file = file(inputs, errors);
    Map<String, Setting<?>> settings = new LinkedHashMap<>();
    for (Key<?> key : keys) {
      Setting<?> setting = setting(key, inputs, file, errors);
      if (setting != null) {
        settings.put(key.name(), setting);
      }
    }
    List<String> names = keys.stream().map(Key::name).toList();
    for (Map.Entry<String, YamlSettings.Text> entry : file.entrySet()) {
      unknown(entry.getKey(), entry.getValue().place(), names, errors);
    }
    for (String flag : inputs.flags().keySet()) {
      unknown(flag, "--set", names, errors);
    }
    unknownVariables(keys, inputs, errors);
    if (!errors.isEmpty()) {
      throw new ConfigErrors(errors);
    }
    return new Settings(settings);
  }

  /** The value of a key; every key of the list that was loaded has one. */
  @SuppressWarnings("unchecked")
  public <T> T get(Key<T> key) {
    Setting<?> setting = byName.get(key.name());
    if (setting == null) {
      throw new IllegalArgumentException(key.name() + " was not loaded");
    }
    return (T) setting.value();
  }

  /** Where the value of a key was given, for errors about values that do not fit together. */
  public String source(Key<?> key) {
    Setting<?> setting = byName.get(key.name());
    return setting == null ? "nowhere" : setting.source();
  }

  /** Every setting, in the order of the keys. */
  public List<Setting<?>> all() {
    return List.copyOf(byName.values());
  }

  private static Map<String, YamlSettings.Text> file(Inputs inputs, List<String> errors) {
    String variable = inputs.environment().get("TROTH_CONFIG");
    Path named = inputs.file().orElse(variable == null ? null : Path.of(variable));
    if (named != null) {
      return YamlSettings.read(named, errors);
    }
    Path usual = inputs.folder().resolve("troth.yaml").normalize();
    return Files.exists(usual) ? YamlSettings.read(usual, errors) : Map.of();
  }

  private static <T> @Nullable Setting<T> setting(
      Key<T> key, Inputs inputs, Map<String, YamlSettings.Text> file, List<String> errors) {
    String flag = inputs.flags().get(key.name());
    String variable = inputs.environment().get(key.variable());
    YamlSettings.Text written = file.get(key.name());
    if (flag != null) {
      return read(key, flag, key.flag(), errors);
    } else if (variable != null) {
      return read(key, variable, key.variable(), errors);
    } else if (written != null) {
      return read(key, written.text(), written.place(), errors);
    }
    return read(key, key.fallback(), "default", errors);
  }

  /** An address as it may be shown: without the user and password before its host. */
  static String withoutPassword(String address) {
    return address.replaceAll("//[^/\\s,]*@", "//***@");
  }

  private static <T> @Nullable Setting<T> read(
      Key<T> key, String text, String source, List<String> errors) {
    try {
      return new Setting<>(key, text, key.type().read().apply(text), source);
    } catch (IllegalArgumentException e) {
      String shown = key.secret() ? "***" : "'" + withoutPassword(text) + "'";
      errors.add(
          "%s: is %s (%s), expected %s"
              .formatted(key.name(), shown, source, key.type().expected()));
      return null;
    }
  }

  private static void unknown(String name, String place, List<String> names, List<String> errors) {
    if (!names.contains(name)) {
      errors.add("%s: unknown key (%s)%s".formatted(name, place, hint(name, names)));
    }
  }

  /** {@code , did you mean http.listen?} or nothing if no name is near. */
  private static String hint(String given, List<String> names) {
    return NearestName.nearest(given, names, NearestName.allowance(given))
        .map(name -> ", did you mean " + name + "?")
        .orElse("");
  }

  private static void unknownVariables(List<Key<?>> keys, Inputs inputs, List<String> errors) {
    List<String> known = keys.stream().map(Key::variable).toList();
    for (String variable : new TreeMap<>(inputs.environment()).keySet()) {
      if (variable.startsWith("TROTH_")
          && !known.contains(variable)
          && !OTHER_VARIABLES.contains(variable)) {
        errors.add(variable + ": unknown variable" + hint(variable, known));
      }
    }
  }
}
