/** Incidents of objectives: what is told of them, and what somebody said of them until a time. */
@NullMarked
package dev.troth.server.incident;

import org.jspecify.annotations.NullMarked;
