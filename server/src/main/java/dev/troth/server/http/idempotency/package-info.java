/** A write that is repeated under its key is answered again, and done once. */
@NullMarked
package dev.troth.server.http.idempotency;

import org.jspecify.annotations.NullMarked;
