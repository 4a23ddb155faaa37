package dev.troth.server.console.site;

import dev.troth.server.http.PathPrefix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A built site on the class path: its pages and assets, read once at start.
 *
 * @param pages HTML by file name
 * @param assets everything else by path
 * @param base where on its host the site is
 * @param absence why there is no site; empty when there is one
 */
public record Site(
    Map<String, String> pages, Map<String, Asset> assets, PathPrefix base, String absence) {
  /** A path of this site, in an attribute that scripts, forms or the browser follow. */
  private static final Pattern PATH =
      Pattern.compile(
          "(\\s(?:href|src|action|formaction|component-url|renderer-url|data-keys)=[\"'])"
              + "(?=/(?!/))");

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
      return new Site(Map.of(), Map.of(), PathPrefix.NONE, reason);
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
    return new Site(pages, assets, PathPrefix.NONE, "");
  }

  /** The same site below a path of its host: its pages lead there, and tell their scripts so. */
  public Site below(PathPrefix path) {
    if (path.prefix().isEmpty()) {
      return this;
    }
    Map<String, String> moved = new LinkedHashMap<>();
    pages.forEach((name, html) ->
        moved.put(
            name,
            PATH.matcher(html)
                .replaceAll("$1" + path.prefix())
                .replaceFirst("<html ", "<html data-base=\"" + path.prefix() + "\" ")));
    return new Site(moved, assets, path, absence);
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
