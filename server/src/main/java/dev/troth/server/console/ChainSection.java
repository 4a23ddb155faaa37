package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The steps of a chain, each with its part of the failed requests. */
record ChainSection(Doc doc) {
  static final Slots<ChainSection> SLOTS =
      new Slots<ChainSection>()
          .text("chain.state", section -> section.steps().isEmpty() ? "empty" : "ok")
          .text("chain.trouble", section -> "")
          .text("chain.rule", ChainSection::rule)
          .each("chain", ChainSection::steps, Step.SLOTS);

  private String rule() {
    return doc.at("chain").text("retries").equals("final")
        ? "A request is good if every step succeeded in the end."
        : "A request is good only if every step succeeded, without a retry.";
  }

  private List<Step> steps() {
    List<Doc> steps = doc.at("chain").list("steps");
    return IntStream.range(0, steps.size()).mapToObj(i -> new Step(i, steps.get(i))).toList();
  }

  /** One step. Its share is that of the failed requests which failed here too. */
  private record Step(int index, Doc doc) {
    static final Slots<Step> SLOTS =
        new Slots<Step>()
            .text("index", step -> String.valueOf(step.index % 6))
            .text("name", step -> step.doc.text("name"))
            .text("service", step -> step.doc.text("service", Formats.UNKNOWN))
            .text("bad", step -> Formats.grouped(step.doc.whole("bad")))
            .text("share", Step::share)
            .text("width", Step::width)
            .text("note", Step::note);

    private String share() {
      OptionalDouble share = doc.number("share");
      return share.isEmpty()
          ? "failed requests"
          : "failed, %d %% of all failures".formatted(Math.round(share.getAsDouble() * 100));
    }

    private String width() {
      double share = Math.clamp(doc.number("share").orElse(0), 0.0, 1.0);
      return Formats.part(Math.round(share * 10_000), 10_000);
    }

    private String note() {
      return doc.text("latency").equals("excluded") ? "not counted in the latency" : "";
    }
  }
}
