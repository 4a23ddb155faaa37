package dev.troth.gate.http;

import org.jspecify.annotations.Nullable;

/** How a service answers proxies: what it passes on, where a token may be, and for which paths. */
public final class ServiceSettings {
  /** The usual claim headers, no cookie, no rules; preflight requests pass. */
  public static final ServiceSettings DEFAULT =
      new ServiceSettings(
          ClaimHeaders.parse(ClaimHeaders.DEFAULT), "", true, PathFrom.AUTH, PathRules.NONE);

  final ClaimHeaders claimHeaders;
  final String cookie;
  final boolean preflight;
  final PathFrom pathFrom;
  final PathRules rules;

  /** Where the path and the method of the request stand that a proxy asks about. */
  public enum PathFrom {
    /** The path behind {@code /auth} and the request's own method, as Envoy asks. */
    AUTH,
    /** {@code X-Original-URI} and {@code X-Original-Method}, as nginx is told to send them. */
    X_ORIGINAL,
    /** {@code X-Forwarded-Uri} and {@code X-Forwarded-Method}, as Traefik sends them. */
    X_FORWARDED;

    /** The place of a name as configurations have it; AUTH for none. */
    public static @Nullable PathFrom named(String name) {
      return switch (name) {
        case "", "auth" -> AUTH;
        case "x-original" -> X_ORIGINAL;
        case "x-forwarded" -> X_FORWARDED;
        default -> null;
      };
    }
  }

  /** Whether a text can name a cookie (RFC 6265 §4.1.1), or is empty. */
  public static boolean isCookieName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7F || "()<>@,;:\\\"/[]?={}".indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Settings.
   *
   * @param cookie where a token may be if there is no {@code Authorization}; empty for nowhere
   * @param preflight whether CORS preflight requests pass without a token
   */
  public ServiceSettings(
      ClaimHeaders claimHeaders,
      String cookie,
      boolean preflight,
      PathFrom pathFrom,
      PathRules rules) {
    this.claimHeaders = claimHeaders;
    this.cookie = cookie;
    this.preflight = preflight;
    this.pathFrom = pathFrom;
    this.rules = rules;
  }

  public static ServiceSettings of(ClaimHeaders claimHeaders) {
    return new ServiceSettings(claimHeaders, "", true, PathFrom.AUTH, PathRules.NONE);
  }

  public ClaimHeaders claimHeaders() {
    return claimHeaders;
  }

  public PathRules rules() {
    return rules;
  }

  public String cookie() {
    return cookie;
  }

  public boolean preflight() {
    return preflight;
  }
}
