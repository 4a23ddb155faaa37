package dev.troth.server.auth;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The right by which a caller's request runs. An answer that takes long asks it again and again: it
 * ends with the login, the token or the role that it came from.
 *
 * @param until when it ends by itself; empty if it does not
 * @param holds whether what the caller brought still makes it the same caller
 */
public record Right(Caller caller, Optional<Instant> until, BooleanSupplier holds) {}
