/** The embedded database: one writer, readers apart, migrations. */
@NullMarked
package dev.troth.server.db;

import org.jspecify.annotations.NullMarked;
