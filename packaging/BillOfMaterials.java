import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes what a release is made of (CycloneDX 1.6), from the files that it holds: {@code java BillOfMaterials.java HOME
 * CHECKSUMS REPOSITORY VERSION EPOCH PACKAGE.JSON}. A jar's coordinates are those of its row in {@code .mvn/checksums}, its
 * licence that of its POM in the local Maven repository. A jar whose bytes are neither listed there nor ours ends it
 * with exit code 3. Of the console's npm packages it names those that {@code package.json} depends on, whose code is in its pages.
 */
final class BillOfMaterials {
  private static final Pattern PARENT = Pattern.compile("<parent>(.*?)</parent>", Pattern.DOTALL);
  private static final Pattern LICENCE =
      Pattern.compile("<license>.*?<name>\\s*(.*?)\\s*</name>.*?</license>", Pattern.DOTALL);
  private static final int MOST_PARENTS = 8;

  /** Libraries whose class files the build raises to a later format: their hash is not the publisher's. */
  private static final List<String> RAISED = List.of("picocli");

  private BillOfMaterials() {}

  /** A row of the list: where the jar lies in a Maven repository, and its hash there. */
  private record Listed(String path, String sha256) {
    private String[] parts() {
      return path.split("/");
    }

    private String version() {
      return parts()[parts().length - 2];
    }

    private String artifact() {
      return parts()[parts().length - 3];
    }

    private String group() {
      return String.join(".", List.of(parts()).subList(0, parts().length - 3));
    }

    private String file() {
      return parts()[parts().length - 1];
    }

    private String classifier() {
      String plain = artifact() + "-" + version();
      String name = file().substring(0, file().length() - ".jar".length());
      return name.length() > plain.length() ? name.substring(plain.length() + 1) : "";
    }
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    Map<String, List<Listed>> listed = listed(Path.of(args[1]));
    Path repository = Path.of(args[2]);
    String version = args[3];
    Map<String, String> components = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (Path jar : jars(home)) {
      String name = jar.getFileName().toString();
      String sum = sha256(jar);
      List<Listed> rows = listed.getOrDefault(name, List.of());
      Listed row =
          rows.stream()
              .filter(one -> one.sha256().equals(sum))
              .findFirst()
              .orElse(rows.size() == 1 && RAISED.contains(rows.getFirst().artifact()) ? rows.getFirst() : null);
      String where = home.relativize(jar).toString();
      if (row != null) {
        components.put(where, library(where, row, sum, licences(repository, row)));
      } else if (rows.isEmpty() && (name.endsWith("-" + version + ".jar") || !name.matches(".*-[0-9].*"))) {
        components.put(where, ours(where, name, version, sum));
      } else {
        unknown.add(where);
      }
    }
    if (!unknown.isEmpty()) {
      System.err.println("bill of materials: .mvn/checksums does not name these bytes: " + unknown + "; if versions changed on purpose, run ./build checksums");
      System.exit(3);
    }
    try (Stream<Path> gates = Files.list(home.resolve("bin"))) {
      for (Path gate : gates.filter(Files::isRegularFile).filter(one -> !Files.isSymbolicLink(one)).sorted().toList()) {
        String where = home.relativize(gate).toString();
        components.put(where, ours(where, gate.getFileName().toString(), version, sha256(gate)));
      }
    }
    components.put("runtime", runtime(home.resolve("runtime/release")));
    components.putAll(pages(Path.of(args[5])));
    System.out.print(document(version, Instant.ofEpochSecond(Long.parseLong(args[4])), components));
  }

  private static List<Path> jars(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("app"))) {
      return files.filter(one -> one.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static Map<String, List<Listed>> listed(Path checksums) throws IOException {
    Map<String, List<Listed>> all = new HashMap<>();
    for (String line : Files.readAllLines(checksums)) {
      String[] words = line.split(" +", 2);
      Listed row = new Listed(words[1], words[0]);
      all.computeIfAbsent(row.file(), _ -> new ArrayList<>()).add(row);
    }
    return all;
  }

  /** The names of the licences in its POM, or in the nearest parent that names one. */
  private static List<String> licences(Path repository, Listed row) throws IOException {
    String at = row.group().replace('.', '/') + "/" + row.artifact() + "/" + row.version() + "/" + row.artifact() + "-"
        + row.version() + ".pom";
    for (int i = 0; i < MOST_PARENTS && at != null && Files.isRegularFile(repository.resolve(at)); i++) {
      String pom = Files.readString(repository.resolve(at), UTF_8).replaceAll("(?s)<!--.*?-->", "");
      List<String> names = LICENCE.matcher(pom).results().map(found -> found.group(1).replaceAll("\\s+", " ")).toList();
      if (!names.isEmpty()) {
        return names;
      }
      Matcher parent = PARENT.matcher(pom);
      at = parent.find() ? pomOf(parent.group(1)) : null;
    }
    return List.of();
  }

  private static String pomOf(String parent) {
    String artifact = text(parent, "artifactId");
    String version = text(parent, "version");
    return text(parent, "groupId").replace('.', '/') + "/" + artifact + "/" + version + "/" + artifact + "-" + version + ".pom";
  }

  private static String text(String xml, String name) {
    Matcher found = Pattern.compile("<" + name + ">\\s*(.*?)\\s*</" + name + ">").matcher(xml);
    return found.find() ? found.group(1) : "";
  }

  private static String library(String where, Listed row, String sum, List<String> licences) {
    String purl = "pkg:maven/" + row.group() + "/" + row.artifact() + "@" + row.version() + "?"
        + (row.classifier().isEmpty() ? "" : "classifier=" + row.classifier() + "&") + "type=jar";
    String changed = sum.equals(row.sha256())
        ? ""
        : ",\"pedigree\":{\"notes\":" + quoted("changed by the build; published with SHA-256 " + row.sha256()) + "}";
    String named = licences.isEmpty()
        ? ""
        : ",\"licenses\":[" + String.join(",", licences.stream()
            .map(one -> "{\"license\":{\"name\":" + quoted(one) + "}}").toList()) + "]";
    return "{\"type\":\"library\",\"bom-ref\":" + quoted(where) + ",\"group\":" + quoted(row.group()) + ",\"name\":"
        + quoted(row.artifact()) + ",\"version\":" + quoted(row.version()) + hashes(sum) + named + ",\"purl\":" + quoted(purl)
        + changed + "}";
  }

  private static String ours(String where, String file, String version, String sum) {
    String name = file.replace("-" + version + ".jar", "").replace(".jar", "");
    return "{\"type\":\"library\",\"bom-ref\":" + quoted(where) + ",\"group\":\"dev.troth\",\"name\":" + quoted(name)
        + ",\"version\":" + quoted(version) + hashes(sum)
        + ",\"licenses\":[{\"license\":{\"id\":\"Apache-2.0\"}}]}";
  }

  private static Map<String, String> pages(Path manifest) throws IOException {
    Map<String, String> all = new TreeMap<>();
    Matcher block = Pattern.compile("\"dependencies\"\\s*:\\s*\\{(.*?)\\}", Pattern.DOTALL).matcher(Files.readString(manifest, UTF_8));
    Matcher row = Pattern.compile("\"([^\"]+)\"\\s*:\\s*\"([^\"]+)\"").matcher(block.find() ? block.group(1) : "");
    while (row.find()) {
      String where = "npm/" + row.group(1);
      String purl = "pkg:npm/" + row.group(1).replace("@", "%40") + "@" + row.group(2);
      all.put(where, "{\"type\":\"library\",\"bom-ref\":" + quoted(where) + ",\"name\":" + quoted(row.group(1)) + ",\"version\":"
          + quoted(row.group(2)) + ",\"purl\":" + quoted(purl) + "}");
    }
    return all;
  }

  private static String runtime(Path release) throws IOException {
    String text = Files.readString(release, UTF_8);
    return "{\"type\":\"platform\",\"bom-ref\":\"runtime\",\"name\":\"openjdk\",\"version\":"
        + quoted(value(text, "JAVA_RUNTIME_VERSION", value(text, "JAVA_VERSION", "25"))) + ",\"publisher\":"
        + quoted(value(text, "IMPLEMENTOR", "OpenJDK"))
        + ",\"licenses\":[{\"expression\":\"GPL-2.0-only WITH Classpath-exception-2.0\"}]}";
  }

  private static String value(String text, String key, String otherwise) {
    Matcher found = Pattern.compile("(?m)^" + key + "=\"(.*)\"$").matcher(text);
    return found.find() ? found.group(1) : otherwise;
  }

  private static String hashes(String sum) {
    return ",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"" + sum + "\"}]";
  }

  private static String document(String version, Instant at, Map<String, String> components) {
    return "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"metadata\":{\"timestamp\":\"" + at
        + "\",\"component\":{\"type\":\"application\",\"bom-ref\":\"troth\",\"group\":\"dev.troth\",\"name\":\"troth\",\"version\":"
        + quoted(version) + ",\"licenses\":[{\"license\":{\"id\":\"Apache-2.0\"}}]}},\n\"components\":[\n"
        + String.join(",\n", components.values()) + "\n]}\n";
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
