package dev.troth.observe.otlp;

import dev.troth.observe.discovery.Target;

/**
 * A span or a line that waits to be sent, as the bytes that it will be: a fifth of the memory of
 * its objects.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Encoded(Target target, byte[] bytes) {}
