/**
 * OTLP, written directly: the protobuf messages, HTTP and gRPC transports, and an exporter that
 * would rather drop and count than wait or grow.
 */
@NullMarked
package dev.troth.observe.otlp;

import org.jspecify.annotations.NullMarked;
