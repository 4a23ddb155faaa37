package dev.troth.cli.report;

import static dev.troth.cli.report.FindingReport.object;
import static dev.troth.cli.report.FindingReport.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import dev.troth.json.file.Location;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings in SARIF 2.1.0 (OASIS standard, errata 01). */
record SarifReport(List<Finding> findings) {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  Json json() {
    Map<String, Json> rules = new LinkedHashMap<>();
    List<Json> results = new ArrayList<>();
    for (Finding finding : findings) {
      rules.putIfAbsent(
          finding.rule(),
          object(
              "id",
              text(finding.rule()),
              "defaultConfiguration",
              object("level", text(level(finding)))));
      results.add(result(finding));
    }
    Json driver = object("name", text("troth"), "rules", new Json.Arr(List.copyOf(rules.values())));
    Json run =
        object(
            "tool", object("driver", driver),
            "columnKind", text("unicodeCodePoints"),
            "results", new Json.Arr(results));
    return object(
        "$schema", text(SCHEMA), "version", text("2.1.0"), "runs", new Json.Arr(List.of(run)));
  }

  private static String level(Finding finding) {
    return finding.isError() ? "error" : "warning";
  }

  private static Json result(Finding finding) {
    Location place = finding.location();
    Map<String, Json> physical = new LinkedHashMap<>();
    physical.put("artifactLocation", object("uri", text(uri(place.file()))));
    if (place.line() > 0) {
      physical.put(
          "region",
          object(
              "startLine", Json.Num.of(place.line()),
              "startColumn", Json.Num.of(place.column())));
    }
    String message =
        finding.cure().isEmpty()
            ? finding.message()
            : finding.message() + ". Cure: " + finding.cure();
    Map<String, Json> location = new LinkedHashMap<>();
    location.put("physicalLocation", new Json.Obj(physical));
    if (!place.pointer().isEmpty()) {
      location.put(
          "logicalLocations",
          new Json.Arr(
              List.of(object("fullyQualifiedName", text(place.pointer()), "kind", text("value")))));
    }
    return object(
        "ruleId", text(finding.rule()),
        "level", text(level(finding)),
        "message", object("text", text(message)),
        "locations", new Json.Arr(List.of(new Json.Obj(location))),
        "partialFingerprints", object("finding/v1", text(fingerprint(finding))));
  }

  /** A relative path as a URI reference, an absolute one as a URI. */
  private static String uri(String file) {
    try {
      Path path = Path.of(file);
      return path.isAbsolute()
          ? path.toUri().toString()
          : new URI(null, null, file.replace('\\', '/'), null).getRawPath();
    } catch (InvalidPathException | URISyntaxException e) {
      return "unknown";
    }
  }

  /** The same for the same finding as long as its file, rule and wording stay. */
  static String fingerprint(Finding finding) {
    String identity = finding.location().file() + "\n" + finding.rule() + "\n" + finding.message();
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8)))
          .substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
