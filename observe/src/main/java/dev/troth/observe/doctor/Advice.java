package dev.troth.observe.doctor;

/** What to do about something that the agent does not see. */
public final class Advice {
  /** For messages over unix sockets. */
  public static final String UNIX = "let it use a TCP port of loopback instead";

  /** For messages by io_uring. */
  public static final String IO_URING = "turn io_uring off in the program";

  private Advice() {}

  /** For a connection that is not read, by what the agent calls it. */
  public static String about(String unread) {
    if (unread.startsWith("TLS of a library")) {
      return "let it use a shared OpenSSL 3, or end TLS before it, in a proxy such as nginx";
    }
    if (unread.startsWith("TLS")) {
      return "end TLS before it, in a proxy such as nginx, or instrument it with OpenTelemetry";
    }
    if (unread.contains("began before the agent")) {
      return "start the agent first, or let the clients connect anew";
    }
    if (unread.contains("bytes are missing") || unread.contains("bytes missing")) {
      return "a larger limits.ring_bytes loses less; the next connection is read";
    }
    if (unread.contains("no room")) {
      return "watch fewer services with one agent";
    }
    return "this protocol is not one that the agent reads: instrument the service with"
        + " OpenTelemetry";
  }
}
