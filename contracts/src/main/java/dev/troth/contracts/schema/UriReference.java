package dev.troth.contracts.schema;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolution of URI references (RFC 3986 §5.2) on plain text; {@code java.net.URI} does not resolve
 * against {@code urn:} bases.
 */
final class UriReference {
  // RFC 3986 appendix B.
  private static final Pattern PARTS =
      Pattern.compile("^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\\?([^#]*))?(#(.*))?", Pattern.DOTALL);

  private UriReference() {}

  static String resolve(String base, String reference) {
    Matcher r = match(reference);
    if (r.group(1) != null) {
      return reference;
    }
    Matcher b = match(base);
    StringBuilder uri = new StringBuilder(text(b.group(1)));
    if (r.group(3) != null) {
      uri.append(r.group(3)).append(removeDots(r.group(5))).append(text(r.group(6)));
    } else {
      uri.append(text(b.group(3)));
      if (r.group(5).isEmpty()) {
        uri.append(b.group(5)).append(r.group(6) != null ? r.group(6) : text(b.group(6)));
      } else {
        uri.append(removeDots(merge(b, r.group(5)))).append(text(r.group(6)));
      }
    }
    return uri.append(text(r.group(8))).toString();
  }

  /** The part before {@code #}. */
  static String withoutFragment(String uri) {
    int cut = uri.indexOf('#');
    return cut < 0 ? uri : uri.substring(0, cut);
  }

  /** The part after {@code #}, percent-decoded if it can be; empty if there is none. */
  static String fragment(String uri) {
    int cut = uri.indexOf('#');
    String raw = cut < 0 ? "" : uri.substring(cut + 1);
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // No percent-encoding; such a fragment leads nowhere, and the loader says so.
      return raw;
    }
  }

  private static Matcher match(String uri) {
    Matcher matcher = PARTS.matcher(uri);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + uri + "' is not a URI reference");
    }
    return matcher;
  }

  private static String merge(Matcher base, String path) {
    if (path.startsWith("/")) {
      return path;
    }
    String basePath = base.group(5);
    if (base.group(3) != null && basePath.isEmpty()) {
      return "/" + path;
    }
    return basePath.substring(0, basePath.lastIndexOf('/') + 1) + path;
  }

  private static String removeDots(String path) {
    StringBuilder out = new StringBuilder();
    String in = path;
    while (!in.isEmpty()) {
      if (in.startsWith("../")) {
        in = in.substring(3);
      } else if (in.startsWith("./") || in.startsWith("/./")) {
        in = in.substring(2);
      } else if (in.equals("/.")) {
        in = "/";
      } else if (in.startsWith("/../") || in.equals("/..")) {
        in = in.equals("/..") ? "/" : in.substring(3);
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (in.equals(".") || in.equals("..")) {
        in = "";
      } else {
        int next = in.indexOf('/', 1);
        out.append(next < 0 ? in : in.substring(0, next));
        in = next < 0 ? "" : in.substring(next);
      }
    }
    return out.toString();
  }

  private static String text(String group) {
    return group == null ? "" : group;
  }
}
