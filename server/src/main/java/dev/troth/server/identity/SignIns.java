package dev.troth.server.identity;

import dev.troth.server.auth.SignInStore;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** At the start ends the sign-ins that the configuration gives no longer. */
public final class SignIns implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.openid");
  private static final String BY = "auth.openid";

  private final SignInStore store;
  private final Optional<OpenIdSettings> settings;

  /**
   * @param settings empty if there is no provider any longer
   */
  public SignIns(SignInStore store, Optional<OpenIdSettings> settings) {
    this.store = store;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "sign-ins";
  }

  @Override
  public void start() {
    int ended = store.keep(settings, BY);
    if (ended > 0) {
      LOG.log(
          Level.INFO,
          "{0} sign-ins ended, because auth.openid gives them no longer",
          (Object) ended);
    }
  }

  @Override
  public void stop() {}
}
