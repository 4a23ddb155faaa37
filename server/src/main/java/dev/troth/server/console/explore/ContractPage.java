package dev.troth.server.console.explore;

import dev.troth.contracts.Finding;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.difference.Difference;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.registry.Catalogue;
import dev.troth.server.registry.Catalogue.Detail;
import dev.troth.server.registry.Catalogue.Example;
import dev.troth.server.registry.Catalogue.Reader;
import dev.troth.server.registry.Catalogue.Verdict;
import dev.troth.server.watch.Watches;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A contract: its versions, how two of them differ and whom that breaks, and who depends on it.
 *
 * @param verdict on the two versions of the address; none if there is but one
 */
public record ContractPage(Detail contract, Listing<Verdict> verdict, Instant now) {
  /** A difference of thousands of places is told by its first. */
  private static final int MOST = 200;

  private static final int SHOWN_VERSIONS = 50;

  private static final Slots<ContractPage> SLOTS =
      new Slots<ContractPage>()
          .text("contract.name", page -> page.contract.subject())
          .text("contract.path", page -> Formats.pathOf(page.contract.subject()))
          .text("contract.watched", page -> page.contract.watched().toString())
          .text("contract.history", page -> Formats.pathOf(page.contract.watched().toString()))
          .text(
              "contract.summary",
              page ->
                  "%s, version %d"
                      .formatted(
                          ContractsPage.language(page.contract.language()),
                          page.contract.versions().getFirst()))
          .text("contract.level", page -> ContractsPage.level(page.contract.level()))
          .text("contract.schema", page -> page.contract.schema())
          .text("versions.summary", ContractPage::versions)
          .each("versions", ContractPage::pairs, Pair.SLOTS)
          .text("verdict.state", page -> page.verdict.state())
          .text("verdict.trouble", page -> page.verdict.trouble())
          .text("verdict.pair", ContractPage::pair)
          .text("verdict.words", ContractPage::words)
          .text("verdict.tone", ContractPage::tone)
          .text("differences.state", page -> page.differences().isEmpty() ? "empty" : "ok")
          .text("differences.more", page -> more(page.differences().size()))
          .text(
              "differences.moreHidden",
              page -> Formats.yes(more(page.differences().size()).isEmpty()))
          .each(
              "differences",
              page -> page.differences().stream().limit(MOST).toList(),
              new Slots<Difference>()
                  .text("sign", difference -> String.valueOf(difference.kind().sign()))
                  .text("kind", difference -> difference.kind().name().toLowerCase(Locale.ROOT))
                  .text("what", Difference::subject)
                  .text("words", Difference::words)
                  .text("at", Difference::pointer))
          .text("findings.state", page -> page.findings().isEmpty() ? "empty" : "ok")
          .text("findings.more", page -> more(page.findings().size()))
          .text("findings.moreHidden", page -> Formats.yes(more(page.findings().size()).isEmpty()))
          .each(
              "findings",
              page -> page.findings().stream().limit(MOST).toList(),
              new Slots<Finding>()
                  .text("tone", finding -> finding.isError() ? "bad" : "warn")
                  .text("severity", finding -> finding.isError() ? "breaks" : "allowed")
                  .text("rule", Finding::rule)
                  .text("at", ContractPage::place)
                  .text("message", Finding::message)
                  .text("cure", Finding::cure))
          .text("examples.hidden", page -> Formats.yes(page.examples().isEmpty()))
          .each(
              "examples",
              ContractPage::examples,
              new Slots<Example>()
                  .text("direction", ContractPage::direction)
                  .text("document", Example::document))
          .text("readers.state", page -> page.contract.readers().isEmpty() ? "empty" : "ok")
          .text(
              "readers.summary",
              page -> Formats.counted(page.contract.readers().size(), "consumer", "consumers"))
          .each(
              "readers",
              page ->
                  page.contract.readers().stream()
                      .map(reader -> new Row(reader, page.contract.versions(), page.now))
                      .toList(),
              Row.SLOTS);

  /** The page over its services. */
  public static Page<ContractPage> with(Catalogue catalogue, Watches watches, Clock clock) {
    return Page.at(
            "/contracts/{+id}",
            "contract.html",
            SLOTS,
            visit -> of(catalogue, visit, clock.instant()))
        .of(page -> page.contract.watched())
        .taking((form, visit) -> {
          String target = catalogue.one(visit.id()).watched().toString();
          switch (form.require("do")) {
            case "watch" -> watches.watch(visit.caller(), target);
            case "unwatch" -> watches.unwatch(visit.caller(), target);
            default -> throw form.unknown("do", "watch or unwatch");
          }
        });
  }

  private static ContractPage of(Catalogue catalogue, Visit visit, Instant now) {
    Detail contract = catalogue.one(visit.id());
    List<Integer> versions = contract.versions();
    int to = number(visit, "to", versions.getFirst());
    int before = versions.stream().filter(version -> version < to).findFirst().orElse(0);
    int from = number(visit, "from", before);
    return new ContractPage(
        contract,
        from == 0
            ? Listing.of(List.of())
            : Listing.ask(
                "The comparison", () -> List.of(catalogue.compare(contract.subject(), from, to))),
        now);
  }

  private static int number(Visit visit, String name, int otherwise) {
    long number = visit.number(name, otherwise);
    if (number > Integer.MAX_VALUE) {
      throw new DomainException.NotFound("there is no version " + number);
    }
    return (int) number;
  }

  /** Two versions that follow each other. */
  private record Pair(String contract, int version, int before, boolean shown) {
    static final Slots<Pair> SLOTS =
        new Slots<Pair>()
            .text("path", pair -> Formats.pathOf(pair.contract))
            .text("version", pair -> String.valueOf(pair.version))
            .text("before", pair -> String.valueOf(pair.before))
            .text("current", pair -> pair.shown ? "true" : "false")
            .text("isFirst", pair -> Formats.yes(pair.before == 0))
            .text("isLater", pair -> Formats.yes(pair.before != 0));
  }

  private List<Pair> pairs() {
    List<Integer> versions = contract.versions();
    int shown = verdict.rows().isEmpty() ? 0 : verdict.rows().getFirst().to();
    return IntStream.range(0, Math.min(SHOWN_VERSIONS, versions.size()))
        .mapToObj(i -> {
          int version = versions.get(i);
          int before = i + 1 < versions.size() ? versions.get(i + 1) : 0;
          return new Pair(contract.subject(), version, before, version == shown);
        })
        .toList();
  }

  private String versions() {
    int count = contract.versions().size();
    String all = Formats.counted(count, "version", "versions");
    return count > SHOWN_VERSIONS ? "the newest %d of %s".formatted(SHOWN_VERSIONS, all) : all;
  }

  private List<Difference> differences() {
    return verdict.rows().stream().flatMap(one -> one.differences().stream()).toList();
  }

  private List<Finding> findings() {
    return verdict.rows().stream().flatMap(one -> one.findings().stream()).toList();
  }

  private List<Example> examples() {
    return verdict.rows().stream().flatMap(one -> one.examples().stream()).toList();
  }

  private static String more(int count) {
    return count > MOST
        ? "The first %d of %s are shown.".formatted(MOST, Formats.grouped(count))
        : "";
  }

  private String pair() {
    return verdict.rows().stream()
        .findFirst()
        .map(one -> "version %d → version %d".formatted(one.from(), one.to()))
        .orElse("");
  }

  private String words() {
    return verdict.rows().stream().findFirst().map(ContractPage::words).orElse("");
  }

  private static String words(Verdict verdict) {
    return switch (verdict.outcome()) {
      case PROVED -> verdict.allowed() ? "Proved: breaks nobody" : "Refused";
      case REFUTED -> verdict.allowed() ? "Breaks, allowed by its major version" : "Breaks";
      case UNKNOWN -> "Not decided";
    };
  }

  private String tone() {
    return verdict.rows().stream()
        .findFirst()
        .map(one ->
            !one.allowed() ? "bad" : one.outcome() == Judgement.Outcome.PROVED ? "ok" : "warn")
        .orElse("quiet");
  }

  /** Where it is in the schema; a place in a schema that this one refers to keeps its name. */
  private static String place(Finding finding) {
    return finding.place().replaceFirst("^troth:/registry/(schema\\.(json|avsc)#)?", "");
  }

  private static String direction(Example example) {
    return example.direction().equals("backward")
        ? "The earlier version takes it, the later one does not"
        : "The later version takes it, the earlier one does not";
  }

  /** One consumer. */
  private record Row(Reader reader, List<Integer> versions, Instant now) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("name", row -> row.reader.name())
            .text("version", row -> "version " + row.reader.version())
            .text("tone", row -> row.behind() == 0 ? "ok" : "warn")
            .text("status", Row::status)
            .text("user", row -> row.reader.user())
            .text("at", row -> row.reader.since().toString())
            .text("ago", row -> Formats.ago(row.now, row.reader.since()));

    private long behind() {
      return versions.stream().filter(version -> version > reader.version()).count();
    }

    private String status() {
      return behind() == 0
          ? "reads the latest"
          : Formats.counted(behind(), "version behind", "versions behind");
    }
  }
}
