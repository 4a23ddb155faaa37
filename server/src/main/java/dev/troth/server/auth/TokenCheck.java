package dev.troth.server.auth;

/** Decides whether a token is genuine and valid now. Never throws, whatever the text is. */
@FunctionalInterface
public interface TokenCheck {
  Verdict check(String token);
}
