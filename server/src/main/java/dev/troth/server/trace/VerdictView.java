package dev.troth.server.trace;

import dev.troth.server.http.Json;
import dev.troth.slo.chain.Verdict;
import java.util.List;
import tools.jackson.databind.annotation.JsonSerialize;

/** What a trace counted as for one objective, and at which of its steps. */
public record VerdictView(
    String objective,
    @JsonSerialize(using = Json.Word.class) Verdict.Outcome outcome,
    List<String> failed,
    List<String> missing,
    double latencyMillis) {}
