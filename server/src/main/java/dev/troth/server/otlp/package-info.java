/** What services send: OTLP in, joined and kept, and passed on. */
@NullMarked
package dev.troth.server.otlp;

import org.jspecify.annotations.NullMarked;
