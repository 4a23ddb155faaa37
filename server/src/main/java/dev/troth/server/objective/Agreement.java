package dev.troth.server.objective;

import dev.troth.server.db.Database;
import dev.troth.server.http.Json;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.type.TypeReference;

/**
 * Whether all platforms on a database count by the same objective files and settings: each tells
 * the others what it has, and says where it differs. One that differs serves all the same, because
 * files are changed at one platform after the other.
 */
public final class Agreement implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.replicas");
  private static final String FILE = "objective file ";

  private final Database database;
  private final Map<String, String> own;

  /**
   * An agreement.
   *
   * @param files objective files, and folders of them
   * @param settings further ones that have to be the same, by their names
   */
  public Agreement(Database database, List<Path> files, Map<String, String> settings) {
    this.database = database;
    this.own = new TreeMap<>(settings);
    files.forEach(this::add);
  }

  /** A file is known by its place in the folder that was given: machines keep these anywhere. */
  private void add(Path path) {
    ObjectiveFolder.texts(List.of(path))
        .byName()
        .forEach((file, text) -> {
          Path place = path.relativize(Path.of(file));
          String name =
              place.toString().isEmpty() ? String.valueOf(path.getFileName()) : "" + place;
          own.merge(FILE + name, print(text), (one, other) -> one + " " + other);
        });
  }

  private static String print(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String name() {
    return "agreement on objectives";
  }

  @Override
  public void start() {
    if (!database.replicas().isShared()) {
      return;
    }
    database.write(handle -> {
      database.replicas().say(handle, Json.mapper().writeValueAsString(own));
      return true;
    });
    differences().forEach(difference -> LOG.log(Level.WARNING, difference));
  }

  @Override
  public void stop() {}

  /** What other platforms have otherwise, in sentences. */
  public List<String> differences() {
    if (!database.replicas().isShared()) {
      return List.of();
    }
    long number = database.replicas().number();
    Map<Long, String> said = database.read(database.replicas()::said);
    List<String> differences = new ArrayList<>();
    said.forEach((other, text) -> {
      if (other != number) {
        Map<String, String> theirs =
            Json.mapper().readValue(text, new TypeReference<Map<String, String>>() {});
        compare(number, other, theirs, differences);
      }
    });
    return differences;
  }

  private void compare(
      long number, long other, Map<String, String> theirs, List<String> differences) {
    TreeSet<String> names = new TreeSet<>(own.keySet());
    names.addAll(theirs.keySet());
    for (String name : names) {
      String here = own.getOrDefault(name, "");
      String there = theirs.getOrDefault(name, "");
      if (!here.equals(there)) {
        differences.add(sentence(name, number, here, other, there));
      }
    }
  }

  private static String sentence(String name, long number, String here, long other, String there) {
    String how;
    if (!name.startsWith(FILE)) {
      how =
          "is '%s' here, at replica %d, and '%s' at replica %d"
              .formatted(here, number, there, other);
    } else if (here.isEmpty()) {
      how = "is missing here, at replica %d, and replica %d has it".formatted(number, other);
    } else if (there.isEmpty()) {
      how = "is here, at replica %d, and replica %d lacks it".formatted(number, other);
    } else {
      how = "says something else here, at replica %d, than at replica %d".formatted(number, other);
    }
    return "%s %s: give all replicas the same".formatted(name, how);
  }
}
