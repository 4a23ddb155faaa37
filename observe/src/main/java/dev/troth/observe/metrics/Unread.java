package dev.troth.observe.metrics;

/**
 * Connections of a watched process that the agent cannot read.
 *
 * @param port the server's port, as far as it can be told
 * @param what the protocol or the reason, for people
 */
public record Unread(String service, int port, String what, long connections) {}
