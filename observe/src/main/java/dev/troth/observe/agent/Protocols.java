package dev.troth.observe.agent;

import dev.troth.observe.dns.DnsProtocol;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.http.HttpProtocol;
import dev.troth.observe.http2.Http2Protocol;
import dev.troth.observe.kafka.KafkaProtocol;
import dev.troth.observe.memcached.MemcachedProtocol;
import dev.troth.observe.postgres.PostgresProtocol;
import dev.troth.observe.redis.RedisProtocol;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Set;

/** The protocols that the agent reads, in the order in which they are asked. */
public final class Protocols {
  private Protocols() {}

  /**
   * All of them.
   *
   * @param headers names of header fields to keep
   */
  public static List<Protocol> all(Set<String> headers) {
    return List.of(
        new Http2Protocol(headers),
        new HttpProtocol(headers),
        new PostgresProtocol(),
        new MemcachedProtocol(),
        new RedisProtocol(),
        new KafkaProtocol(),
        new DnsProtocol());
  }

  /** The signatures of all of them, for the filter in the kernel. */
  public static List<Signature> signatures(List<Protocol> protocols) {
    return protocols.stream().flatMap(one -> one.signatures().stream()).toList();
  }
}
