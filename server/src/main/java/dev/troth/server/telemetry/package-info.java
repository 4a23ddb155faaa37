/** What services send: OTLP in, its batches, and passing it on. */
@NullMarked
package dev.troth.server.telemetry;

import org.jspecify.annotations.NullMarked;
