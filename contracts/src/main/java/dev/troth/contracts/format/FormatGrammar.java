package dev.troth.contracts.format;

import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.pattern.RegexException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A format as regular expressions of ECMA-262 between which it lies: every text of the format
 * matches {@code upper} and is at most {@code longest} characters long, and every text that matches
 * {@code lower} and is at most {@code shorter} characters long has the format.
 *
 * @param exact whether {@code upper} and {@code longest} say all that the format says
 */
public record FormatGrammar(Regex lower, int shorter, Regex upper, int longest, boolean exact) {
  /** A length without a bound. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final String LEAP_YEAR =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
          + "|02-(?:0[1-9]|1[0-9]|2[0-8]))|"
          + LEAP_YEAR
          + "-02-29)";
  private static final String OFFSET = "[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]";
  private static final String END = "(?:\\.[0-9]+)?(?:[Zz]|" + OFFSET + ")";
  private static final String TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)" + END;

  /** Without second 60, which must be the last of a UTC day, but where that is plain. */
  private static final String PLAIN_TIME =
      "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]" + END + "|23:59:60(?:\\.[0-9]+)?[Zz])";

  private static final String POINTER = "(?:/[^~]*(?:~[01][^~]*)*)?";
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";
  private static final String IPV6 = ipv6();

  private static final String LETTER = "[0-9A-Za-z]";
  private static final String LABEL = LETTER + "(?:[0-9A-Za-z\\-]{0,61}" + LETTER + ")?";
  private static final String HOST = LABEL + "(?:\\." + LABEL + ")*";

  /** Hyphens in third and fourth place mean Punycode, or nothing in international names. */
  private static final String PLAIN_LABEL =
      "(?:%1$s(?:%2$s?%1$s)?|%1$s%2$s{2}%1$s|%1$s%2$s(?:%1$s%2$s|-%1$s)%2$s{0,58}%1$s)"
          .formatted(LETTER, "[0-9A-Za-z\\-]");

  private static final String PLAIN_HOST = PLAIN_LABEL + "(?:\\." + PLAIN_LABEL + ")*";
  private static final int LONGEST_EMAIL = 64 + 1 + Hosts.LONGEST_NAME;

  private static final String ATOM = "[0-9A-Za-z!#$%&'*+\\-/=?^_`{|}~]";
  private static final String QUOTED = "(?:[ !#-\\[\\]-~]|\\\\[ -~])";
  private static final String MAIL_LITERAL = "\\[(?:" + IPV4 + "|[Ii][Pp][Vv]6:" + IPV6 + ")\\]";

  /** Atoms and what is quoted have at most 64 characters, which counts of steps only come near. */
  private static final String EMAIL =
      "(?:%1$s(?:\\.?%1$s){0,63}|\"%2$s{0,62}\")@(?:%3$s|%4$s)"
          .formatted(ATOM, QUOTED, HOST, MAIL_LITERAL);

  private static final String PLAIN_EMAIL =
      "(?:%1$s(?:\\.?%1$s){0,31}|\"%2$s{0,31}\")@(?:%3$s|%4$s)"
          .formatted(ATOM, QUOTED, PLAIN_HOST, MAIL_LITERAL);

  /** The host is no longer than it may be: one character and {@code @} are before it. */
  private static final int PLAIN_EMAIL_LENGTH = Hosts.LONGEST_NAME + 2;

  /** {@code ucschar} of RFC 3987 §2.2, the planes above the first abridged to their shape. */
  private static final String UCS =
      "\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}" + planes();

  private static final String PRIVATE =
      "\\u{e000}-\\u{f8ff}\\u{f0000}-\\u{ffffd}\\u{100000}-\\u{10fffd}";

  private static final Map<Format, FormatGrammar> KNOWN = known();

  private static Map<Format, FormatGrammar> known() {
    Map<Format, FormatGrammar> known = new EnumMap<>(Format.class);
    for (Format format : Format.values()) {
      grammar(format).ifPresent(grammar -> known.put(format, grammar));
    }
    return Map.copyOf(known);
  }

  /** What a text of the format looks like; empty if nothing regular is known. */
  public static Optional<FormatGrammar> of(Format format) {
    return Optional.ofNullable(KNOWN.get(format));
  }

  private static Optional<FormatGrammar> grammar(Format format) {
    return switch (format) {
      case DATE -> exactly(DATE);
      case TIME -> between(PLAIN_TIME, UNLIMITED, TIME, UNLIMITED);
      case DATE_TIME ->
          between(DATE + "[Tt]" + PLAIN_TIME, UNLIMITED, DATE + "[Tt]" + TIME, UNLIMITED);
      case DURATION ->
          exactly("P(?:[0-9]+W|%1$s(?:T%2$s)?|T%2$s)".formatted(units("YMD"), units("HMS")));
      case EMAIL -> between(PLAIN_EMAIL, PLAIN_EMAIL_LENGTH, EMAIL, LONGEST_EMAIL);
      case IDN_EMAIL -> between(PLAIN_EMAIL, PLAIN_EMAIL_LENGTH, "[^]+@[^]+", UNLIMITED);
      case HOSTNAME -> between(PLAIN_HOST, Hosts.LONGEST_NAME, HOST, Hosts.LONGEST_NAME);
      case IDN_HOSTNAME -> Optional.empty();
      case IPV4 -> exactly(IPV4);
      case IPV6 -> exactly(IPV6);
      case URI -> exactly(uri("", "", true));
      case URI_REFERENCE -> exactly(uri("", "", false));
      case IRI -> exactly(uri(UCS, PRIVATE, true));
      case IRI_REFERENCE -> exactly(uri(UCS, PRIVATE, false));
      case URI_TEMPLATE -> exactly(template());
      case UUID -> exactly("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
      case JSON_POINTER -> exactly(POINTER);
      case RELATIVE_JSON_POINTER -> exactly("(?:0|[1-9][0-9]*)(?:#|" + POINTER + ")");
      case REGEX -> Optional.empty();
    };
  }

  private static Optional<FormatGrammar> exactly(String expression) {
    Regex regex = whole(expression);
    return Optional.of(new FormatGrammar(regex, UNLIMITED, regex, UNLIMITED, true));
  }

  private static Optional<FormatGrammar> between(
      String lower, int shorter, String upper, int longest) {
    return Optional.of(new FormatGrammar(whole(lower), shorter, whole(upper), longest, false));
  }

  private static Regex whole(String expression) {
    try {
      return Regex.of("^(?:" + expression + ")$");
    } catch (RegexException e) {
      throw new IllegalStateException("the grammar of a format is no regular expression", e);
    }
  }

  /** Numbers with units that follow each other without gaps: {@code 1Y2M} but not {@code 1Y2D}. */
  private static String units(String units) {
    List<String> beginnings = new ArrayList<>();
    String rest = "";
    for (int i = units.length() - 1; i >= 0; i--) {
      rest = "[0-9]+" + units.charAt(i) + (rest.isEmpty() ? "" : "(?:" + rest + ")?");
      beginnings.add(rest);
    }
    return "(?:" + String.join("|", beginnings.reversed()) + ")";
  }

  /** Each place of the gap, and none (RFC 4291 §2.2); the last two groups may be IPv4. */
  private static String ipv6() {
    String group = "[0-9A-Fa-f]{1,4}";
    String last = "(?:" + group + ":" + group + "|" + IPV4 + ")";
    List<String> ways = new ArrayList<>();
    ways.add("(?:" + group + ":){6}" + last);
    for (int before = 0; before <= 7; before++) {
      String left =
          before == 0
              ? ""
              : group + (before == 1 ? "" : "(?::" + group + "){" + (before - 1) + "}");
      // What follows the gap: up to 7 - before groups, the last two perhaps IPv4.
      int after = 7 - before;
      List<String> right = new ArrayList<>();
      if (after >= 1) {
        right.add(group + "(?::" + group + "){0," + (after - 1) + "}");
      }
      if (after >= 2) {
        right.add("(?:" + group + ":){0," + (after - 2) + "}" + IPV4);
      }
      String end = right.isEmpty() ? "" : "(?:" + String.join("|", right) + ")?";
      ways.add(left + "::" + end);
    }
    return "(?:" + String.join("|", ways) + ")";
  }

  private static String planes() {
    StringBuilder out = new StringBuilder();
    for (int plane = 1; plane <= 14; plane++) {
      int first = plane == 14 ? 0xe1000 : plane << 16;
      out.append("\\u{%x}-\\u{%x}".formatted(first, (plane << 16) | 0xfffd));
    }
    return out.toString();
  }

  /** RFC 3986 §3, with the further characters that RFC 3987 allows. */
  private static String uri(String more, String inQuery, boolean absolute) {
    String marks = "0-9A-Za-z\\-._~!$&'()*+,;=" + more;
    String encoded = "|%[0-9A-Fa-f]{2})*";
    String name = "(?:[" + marks + "]" + encoded;
    String user = "(?:[" + marks + ":]" + encoded;
    String path = "(?:[" + marks + ":@/]" + encoded;
    // The first segment of a relative reference has no colon (RFC 3986 §4.2).
    String first = "(?:[" + marks + "@]|%[0-9A-Fa-f]{2})";
    String segment = "(?:[" + marks + "@]" + encoded;
    String future = "[vV][0-9A-Fa-f]+\\.[" + marks + ":]+";
    String host = "(?:\\[(?:" + IPV6 + "|" + future + ")\\]|" + name + ")";
    String authority = "(?:" + user + "@)?" + host + "(?::[0-9]*)?";
    String query = "(?:\\?(?:[" + marks + ":@/?" + inQuery + "]" + encoded + ")?";
    String fragment = "(?:#(?:[" + marks + ":@/?]" + encoded + ")?";
    // A path that follows no authority does not begin with two slashes.
    String rootless = "(?:/(?:[" + marks + ":@]|%[0-9A-Fa-f]{2})" + path + "|/)?";
    String scheme = "[A-Za-z][0-9A-Za-z+.\\-]*:";
    String start = "(?:[" + marks + ":@]|%[0-9A-Fa-f]{2})";
    String behind =
        "(?://" + authority + "(?:/" + path + ")?|" + rootless + "|" + start + path + ")";
    String tail = query + fragment;
    if (absolute) {
      return scheme + behind + tail;
    }
    String relative =
        "(?://" + authority + "(?:/" + path + ")?|" + rootless + "|" + first + segment + "(?:/"
            + path + ")?)";
    return "(?:" + scheme + behind + "|" + relative + ")" + tail;
  }

  /** RFC 6570 §2. */
  private static String template() {
    String encoded = "%[0-9A-Fa-f]{2}";
    String literal = "(?:[^\\u{0}-\\u{20}\"%<>\\\\^`{|}\\u{7f}]|" + encoded + ")";
    String character = "(?:[0-9A-Za-z_]|" + encoded + ")";
    String variable = character + "+(?:\\." + character + "+)*(?:\\*|:[1-9][0-9]{0,3})?";
    return "(?:" + literal + "|\\{[+#./;?&=,!@|]?" + variable + "(?:," + variable + ")*\\})*";
  }
}
