package dev.troth.observe.exchange;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was asked and answered, by kind of conversation and not by protocol: HTTP/1.1 and HTTP/2
 * both give {@link Http}, every database {@link Database}.
 */
public sealed interface Facts {
  /**
   * A request of HTTP.
   *
   * @param version as {@code network.protocol.version} has it: 1.0, 1.1 or 2
   * @param request the fields that were kept of the request, with names in lower case
   * @param response the fields that were kept of the response
   * @param status 0 as long as there is no response
   */
  record Http(
      String method,
      String target,
      String version,
      List<Header> request,
      List<Header> response,
      int status)
      implements Facts {
    public Http {
      request = List.copyOf(request);
      response = List.copyOf(response);
    }

    /** The first field of the request with this name, or {@code null}. */
    public @Nullable String first(String name) {
      return Header.first(request, name);
    }

    public Http answered(int newStatus, List<Header> fields) {
      return new Http(method, target, version, request, fields, newStatus);
    }
  }

  /**
   * A remote procedure call.
   *
   * @param system as {@code rpc.system} has it: {@code grpc}
   * @param service the full name of the service
   * @param status the system's own status, empty as long as it is not known
   * @param request the fields that were kept of the request
   */
  record Rpc(
      String system,
      String service,
      String method,
      Optional<Integer> status,
      List<Header> request,
      List<Header> response)
      implements Facts {
    public Rpc {
      request = List.copyOf(request);
      response = List.copyOf(response);
    }

    public Rpc answered(Optional<Integer> newStatus, List<Header> fields) {
      return new Rpc(system, service, method, newStatus, request, fields);
    }
  }

  /**
   * A command to a database.
   *
   * @param system as {@code db.system.name} has it: {@code postgresql}
   * @param namespace the database, empty if it is not known
   * @param operation such as {@code SELECT}, empty if it is not known
   * @param collection the table that it is about, empty if there is none or several
   * @param text the command without its literals, empty if it is not known
   * @param error the database's own code of the error, or {@link #SOME_ERROR}; empty if it
   *     succeeded
   */
  record Database(
      String system,
      String namespace,
      String operation,
      String collection,
      String text,
      String error)
      implements Facts {
    /** An error whose code was not seen, as the conventions have it. */
    public static final String SOME_ERROR = "_OTHER";

    public Database failed(String code) {
      return new Database(system, namespace, operation, collection, text, code);
    }
  }

  /**
   * Messages that were handed over, or asked for.
   *
   * @param system as {@code messaging.system} has it: {@code kafka}
   * @param operation {@code send} or {@code poll}
   * @param destination the topic, empty if there are several or its name is not known
   * @param partition of the topic, empty if there are several
   * @param client how the client calls itself
   * @param count how many messages, -1 if that is not known
   * @param error the name of the error, empty if it succeeded
   */
  record Messaging(
      String system,
      String operation,
      String destination,
      String partition,
      String client,
      long count,
      String error)
      implements Facts {
    public Messaging failed(String name) {
      return new Messaging(system, operation, destination, partition, client, count, name);
    }
  }

  /**
   * The end of a connection that is not the watched process.
   *
   * @param address in its usual notation
   */
  record Peer(String address, int port) {}

  /**
   * A lookup in the domain name system.
   *
   * @param name that is asked for, as it was written
   * @param type of the records, such as {@code AAAA}
   * @param transport as {@code network.transport} has it: udp or tcp
   * @param peer who was asked or who asked, empty if that is not certain
   * @param times how often it was asked before it was answered
   */
  record Dns(
      String name, String type, String transport, Optional<Peer> peer, int times, Answer answer)
      implements Facts {
    /** What came back, if anything did. */
    public static final Answer NO_ANSWER = new Answer(List.of(), "", false);

    /**
     * What came back.
     *
     * @param addresses among the answers
     * @param code of the response, such as {@code NXDOMAIN}, or why there was none; empty as long
     *     as it is not known
     * @param truncated whether there is more than fits into a datagram
     */
    public record Answer(List<String> addresses, String code, boolean truncated) {
      public Answer {
        addresses = List.copyOf(addresses);
      }
    }

    /** Asked once more, perhaps of another server: then nobody knows who will answer. */
    public Dns askedAgain(Optional<Peer> whom) {
      return new Dns(
          name, type, transport, whom.equals(peer) ? peer : Optional.empty(), times + 1, answer);
    }

    /** With its answer; {@code whom} it was given to, empty if that is the watched process. */
    public Dns answered(Answer given, Optional<Peer> whom) {
      return new Dns(name, type, transport, whom.isPresent() ? whom : peer, times, given);
    }

    /** Without one. */
    public Dns failed(String reason) {
      return new Dns(name, type, transport, peer, times, new Answer(List.of(), reason, false));
    }
  }
}
