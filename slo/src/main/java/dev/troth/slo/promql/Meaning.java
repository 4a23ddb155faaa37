package dev.troth.slo.promql;

import dev.troth.slo.promql.Query.Call;
import dev.troth.slo.promql.Query.Matcher;
import dev.troth.slo.promql.Query.Operation;
import dev.troth.slo.promql.Query.Selector;
import dev.troth.slo.promql.Query.Subquery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What series are about, by the conventions of their names and labels. */
public final class Meaning {
  private static final Pattern FAILURE =
      Pattern.compile("(^|[_:])(errors?|failed|failures?|fails|faults?|5xx|exceptions?)([_:]|$)");
  private static final Set<String> STATUS =
      Set.of(
          "code",
          "status",
          "status_code",
          "http_status",
          "http_status_code",
          "http_response_status_code");
  private static final List<String> SERVICE = List.of("service", "service_name", "job", "app");
  private static final Pattern EXPORTED =
      Pattern.compile("aws_(apigateway|lambda|dynamodb|events|applicationelb)_.*");

  private static final Pattern PERCENTILE = Pattern.compile("aws_.*_p\\d{2,4}");

  private Meaning() {}

  /** Whether the series count failures. */
  public static boolean isFailure(Selector selector) {
    boolean negated =
        selector.labels().stream()
            .anyMatch(label -> STATUS.contains(label.label()) && label.operator().equals("!~"));
    return FAILURE.matcher(selector.name().replace("_5_xx_", "_5xx_")).find()
        || (!negated && hasStatus(selector, '5'));
  }

  /** Whether the series count answers of 2xx alone. */
  public static boolean isSuccessByStatus(Selector selector) {
    return hasStatus(selector, '2');
  }

  private static boolean hasStatus(Selector selector, char digit) {
    return selector.labels().stream()
        .anyMatch(label ->
            STATUS.contains(label.label())
                && label.operator().startsWith("=")
                && label.value().indexOf(digit) == 0
                && label
                    .value()
                    .matches(digit + "(\\.\\.|xx|\\d\\d|\\\\+d\\\\+d|\\.[*+]|\\[0-9\\].*)"));
  }

  /** Which service the series are of; empty if nothing says it. */
  public static String service(Selector selector) {
    for (String name : SERVICE) {
      for (Matcher label : selector.labels()) {
        if (label.label().equals(name) && label.operator().equals("=")) {
          return label.value();
        }
      }
    }
    var exported = EXPORTED.matcher(selector.name());
    return exported.matches() ? exported.group(1) : "";
  }

  /** The selectors of a query. */
  public static List<Selector> selectors(Query query) {
    List<Selector> found = new ArrayList<>();
    if (query instanceof Selector selector) {
      found.add(selector);
    }
    query.parts().forEach(part -> found.addAll(selectors(part)));
    return found;
  }

  public static boolean hasFailures(Query query) {
    return selectors(query).stream().anyMatch(Meaning::isFailure);
  }

  /** Whether measured is divided by measured. */
  public static boolean divides(Query query) {
    return query.any(part ->
        part instanceof Operation(String operator, _, Query right, _)
            && operator.equals("/")
            && !selectors(right).isEmpty());
  }

  /** Whether a query is a ratio, or names one that was recorded. */
  public static boolean isRatio(Query query) {
    return divides(query)
        // Colons stand in names of recorded rules alone.
        || selectors(query).stream().anyMatch(selector -> selector.name().matches(".*:.*ratio.*"));
  }

  /** The services whose failures each addend of a sum counts. */
  public static Set<String> failingServices(List<Query> addends) {
    Set<String> services = new LinkedHashSet<>();
    for (Query addend : addends) {
      for (Selector selector : selectors(addend)) {
        if (isFailure(selector) && !service(selector).isEmpty()) {
          services.add(service(selector));
        }
      }
    }
    return services;
  }

  /** Each sum below a query as its addends. */
  public static List<List<Query>> sums(Query query) {
    List<List<Query>> sums = new ArrayList<>();
    if (query.isOperation("+")) {
      List<Query> addends = new ArrayList<>();
      addends(query, addends);
      sums.add(addends);
      addends.forEach(addend -> sums.addAll(sums(addend)));
    } else {
      query.parts().forEach(part -> sums.addAll(sums(part)));
    }
    return sums;
  }

  private static void addends(Query query, List<Query> addends) {
    if (query instanceof Operation(String operator, Query left, Query right, _)
        && operator.equals("+")) {
      addends(left, addends);
      addends(right, addends);
    } else {
      addends.add(query);
    }
  }

  /** Whether an addend is a percentile. */
  public static boolean isPercentile(Query query) {
    return query.any(part ->
        part.calls("histogram_quantile")
            || (part instanceof Selector selector
                && (PERCENTILE.matcher(selector.name()).matches()
                    || selector.labels().stream().anyMatch(l -> l.label().equals("quantile")))));
  }

  /** The mean of a histogram or summary: its sum by its count. */
  public static boolean isMeanOfTimes(Query query) {
    return query.any(part ->
        part instanceof Operation(String operator, Query left, Query right, _)
            && operator.equals("/")
            && base(left, "_sum").stream().anyMatch(base(right, "_count")::contains));
  }

  private static Set<String> base(Query query, String end) {
    Set<String> bases = new LinkedHashSet<>();
    for (Selector selector : selectors(query)) {
      boolean time = selector.name().matches(".*(duration|latency|time|seconds|millis).*");
      if (time && selector.name().endsWith(end)) {
        bases.add(selector.name().substring(0, selector.name().length() - end.length()));
      }
    }
    return bases;
  }

  /** The mean of ratios over time, or of several series. */
  public static boolean isMeanOfRatios(Query query) {
    return query.any(part ->
        isSumByCount(part)
            || part instanceof Call(String function, List<Query> arguments, _)
                && (function.equals("avg_over_time") || function.equals("avg"))
                && arguments.stream().anyMatch(Meaning::isRatioInside));
  }

  /** {@code sum_over_time(ratio) / count_over_time(ratio)} is the mean by another name. */
  private static boolean isSumByCount(Query query) {
    return query instanceof Operation(String operator, Query left, Query right, _)
        && operator.equals("/")
        && left.any(part ->
            part instanceof Call(String function, List<Query> arguments, _)
                && function.equals("sum_over_time")
                && arguments.stream().anyMatch(Meaning::isRatioInside))
        && right.any(part -> part.calls("count_over_time"));
  }

  private static boolean isRatioInside(Query query) {
    return isRatio(query instanceof Subquery(Query inner, _, _, _) ? inner : query)
        && !isMeanOfTimes(query);
  }

  /** What would hide lost telemetry: a ratio, or requests, with a number in place of nothing. */
  public static boolean isFilled(Query query) {
    return query.any(part ->
        (part instanceof Operation(String operator, Query left, Query right, _)
                && operator.equals("or")
                && isConstant(right)
                && isRatio(left))
            || (part instanceof Operation(String divided, _, Query total, _)
                && divided.equals("/")
                && total.any(below ->
                    below instanceof Operation(String or, _, Query right, _)
                        && or.equals("or")
                        && isConstant(right))));
  }

  private static boolean isConstant(Query query) {
    boolean number = selectors(query).isEmpty() && query.any(part -> part.calls("vector"));
    return number || (query.isOperation("*") && query.any(part -> part.equals(ZERO)));
  }

  private static final Query ZERO = new Query.Literal("0");

  /** A total that cannot fall below a number: at few requests a second the ratio is too small. */
  public static boolean isClamped(Query query) {
    return query.any(part ->
        part instanceof Operation(String operator, _, Query total, _)
            && operator.equals("/")
            && total.any(below -> below.calls("clamp_min") && !selectors(below).isEmpty()));
  }

  /** Answers of 2xx over answers. */
  public static boolean isShareOfSuccess(Query query) {
    return query.any(part ->
        part instanceof Operation(String operator, Query good, Query total, _)
            && operator.equals("/")
            && selectors(good).stream().anyMatch(Meaning::isSuccessByStatus)
            && !selectors(total).isEmpty());
  }
}
