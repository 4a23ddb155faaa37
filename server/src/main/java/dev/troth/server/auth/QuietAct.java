package dev.troth.server.auth;

import java.time.Instant;

/**
 * What somebody did that is no change: a sign-in, a sign-out, or refused sign-ins of one reason and
 * hour; watches and marks of one kind, target and hour.
 *
 * @param user empty for the refused: nobody has proved who they are
 * @param what {@code signed-in}, {@code signed-out}, {@code refused}, or such as {@code
 *     watch.added}
 * @param target what was watched, or {@code inbox/NAME}; empty for sign-ins
 * @param detail by what, or why not; for whom, if it is another user
 * @param at the first time
 */
public record QuietAct(
    long id,
    String user,
    String what,
    String target,
    String detail,
    Instant at,
    Instant lastAt,
    long times) {}
