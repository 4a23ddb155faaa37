package dev.troth.server.console.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A built site on the class path: its pages and assets, read once at start.
 *
 * @param pages HTML by file name
 * @param assets everything else by path
 * @param absence why there is no site; empty when there is one
 */
public record Site(Map<String, String> pages, Map<String, Asset> assets, String absence) {
  /** The console that this program was built with. */
  public static Site bundled() {
    return in("console");
  }

  /** The site that was built into this folder of the class path. */
  public static Site in(String folder) {
    Optional<byte[]> list = read(folder, "files.txt");
    if (list.isEmpty()) {
      String reason =
          read(folder, "absent.txt")
              .map(Site::text)
              .orElse("this program was built without it")
              .strip();
      return new Site(Map.of(), Map.of(), reason);
    }
    List<String> files = text(list.get()).lines().toList();
    Map<String, String> pages = new LinkedHashMap<>();
    Map<String, Asset> assets = new LinkedHashMap<>();
    for (String file : files) {
      if (file.endsWith(".html")) {
        pages.put(file, text(require(folder, file)));
      } else {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("identity", require(folder, file));
        read(folder, file + ".gz").ifPresent(bytes -> forms.put("gzip", bytes));
        read(folder, file + ".br").ifPresent(bytes -> forms.put("br", bytes));
        assets.put(file, Asset.of(file, forms));
      }
    }
    return new Site(pages, assets, "");
  }

  public boolean isAbsent() {
    return !absence.isEmpty();
  }

  public String page(String file) {
    String html = pages.get(file);
    if (html == null) {
      throw new IllegalStateException("the built site has no page " + file);
    }
    return html;
  }

  private static byte[] require(String folder, String file) {
    return read(folder, file)
        .orElseThrow(() -> new IllegalStateException("the built site lists no file " + file));
  }

  private static Optional<byte[]> read(String folder, String file) {
    String name = folder + "/" + file;
    try (InputStream in = Site.class.getClassLoader().getResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
