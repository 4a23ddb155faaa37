package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.objective.ObjectiveDetail.ChainView;
import dev.troth.server.objective.ObjectiveDetail.Latency;
import dev.troth.server.objective.ObjectiveDetail.StepView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The steps of a chain, each with its part of the failed requests. */
record ChainSection(String objective, String at, @Nullable ChainView chain) {
  static final Slots<ChainSection> SLOTS =
      new Slots<ChainSection>()
          .text("chain.state", section -> section.steps().isEmpty() ? "empty" : "ok")
          .text("chain.trouble", section -> "")
          .text("chain.rule", ChainSection::rule)
          .each("chain", ChainSection::steps, Step.SLOTS);

  private String rule() {
    if (chain == null) {
      return "";
    }
    return switch (chain.retries()) {
      case FINAL -> "A request is good if every step succeeded in the end.";
      case STRICT -> "A request is good only if every step succeeded, without a retry.";
    };
  }

  private List<Step> steps() {
    List<StepView> steps = chain == null ? List.of() : chain.steps();
    return IntStream.range(0, steps.size())
        .mapToObj(i -> new Step(objective, at, i, steps.get(i)))
        .toList();
  }

  /** One step. Its share is that of the failed requests which failed here too. */
  private record Step(String objective, String at, int index, StepView view) {
    static final Slots<Step> SLOTS =
        new Slots<Step>()
            .text("index", step -> String.valueOf(step.index % 6))
            .text("name", step -> step.view.name())
            .text("path", step -> Formats.pathOf(step.objective))
            .text("at", Step::at)
            .text("query", step -> URLEncoder.encode(step.view.name(), StandardCharsets.UTF_8))
            .text(
                "service",
                step -> step.view.service().isEmpty() ? Formats.UNKNOWN : step.view.service())
            .text("bad", step -> Formats.grouped(step.view.bad()))
            .text("share", Step::share)
            .text("width", Step::width)
            .text(
                "note",
                step ->
                    step.view.latency() == Latency.EXCLUDED ? "not counted in the latency" : "");

    private String share() {
      Double share = view.share();
      return share == null
          ? "failed requests"
          : "failed, %d %% of all failures".formatted(Math.round(share * 100));
    }

    private String width() {
      Double share = view.share();
      return share == null
          ? "0.00%"
          : Formats.part(Math.round(Math.clamp(share, 0.0, 1.0) * 10_000), 10_000);
    }
  }
}
