package dev.troth.server.incident;

import dev.troth.server.http.Json;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * An alert as the API and the console show it.
 *
 * @param inhibitedBy the alert that was open already, so that nobody was told of this one
 * @param unseen whether what the agents have not seen could explain it; null where none tells
 * @param group the group of the objective that alerted; null where all of it did
 */
public record AlertView(
    String incident,
    @JsonSerialize(using = Json.Word.class) Severity severity,
    Instant firedAt,
    @Nullable Instant resolvedAt,
    String condition,
    double shortBurn,
    double longBurn,
    @JsonSerialize(using = Json.Word.class) @Nullable Severity inhibitedBy,
    @Nullable String unseen,
    @Nullable String group) {}
