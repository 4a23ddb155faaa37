/** The engine: spans and counts in, events and standings out; the caller brings the time. */
@NullMarked
package dev.troth.slo.engine;

import org.jspecify.annotations.NullMarked;
