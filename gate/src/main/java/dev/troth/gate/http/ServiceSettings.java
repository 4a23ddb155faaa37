package dev.troth.gate.http;

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
    X_FORWARDED
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
