package dev.troth.server.console;

import dev.troth.server.identity.AccessTokens;
import dev.troth.server.objective.Objectives;
import dev.troth.server.trace.Traces;
import java.time.Clock;

/** What pages ask and forms tell: the services of the platform's slices. */
public record Services(AccessTokens tokens, Objectives objectives, Traces traces, Clock clock) {}
