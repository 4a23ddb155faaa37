package dev.troth.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key that new connections get. A handshake asks for a key's name and then for what it names;
 * it gets both of the same certificate, also when another one came in between.
 */
final class CurrentKey extends X509ExtendedKeyManager {
  private record Versions(int number, Credentials now, @Nullable Credentials before) {}

  private final AtomicReference<@Nullable Versions> versions = new AtomicReference<>();

  void set(Credentials next) {
    versions.updateAndGet(was ->
        was == null ? new Versions(0, next, null) : new Versions(was.number + 1, next, was.now));
  }

  Credentials get() {
    return latest().now;
  }

  private Versions latest() {
    Versions latest = versions.get();
    if (latest == null) {
      throw new IllegalStateException("no certificate has been read");
    }
    return latest;
  }

  private @Nullable String choose(String type) {
    Versions latest = latest();
    return latest.now.key().getAlgorithm().equals(type) ? Integer.toString(latest.number) : null;
  }

  private @Nullable Credentials named(String alias) {
    Versions latest = latest();
    return alias.equals(Integer.toString(latest.number))
        ? latest.now
        : alias.equals(Integer.toString(latest.number - 1)) ? latest.before : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(type);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(type);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Credentials named = named(alias);
    return named == null ? null : named.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Credentials named = named(alias);
    return named == null ? null : named.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    String alias = choose(type);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
