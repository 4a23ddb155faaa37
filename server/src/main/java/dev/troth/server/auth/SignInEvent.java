package dev.troth.server.auth;

import java.time.Instant;

/**
 * A sign-in, a sign-out, or refused sign-ins of one reason and hour.
 *
 * @param user empty for the refused: nobody has proved who they are
 * @param what {@code signed-in}, {@code signed-out} or {@code refused}
 * @param detail by what, or why not
 * @param at the first time
 */
public record SignInEvent(
    long id, String user, String what, String detail, Instant at, Instant lastAt, long times) {}
