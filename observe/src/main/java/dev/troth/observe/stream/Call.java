package dev.troth.observe.stream;

/**
 * The call that passed a segment.
 *
 * @param fresh whether nothing had passed in this direction before
 * @param blocking whether the call waits until it is done; an event loop's never do
 */
public record Call(int thread, boolean fresh, boolean blocking) {}
