/** The database: one writer, readers apart, migrations, and those who share it. */
@NullMarked
package dev.troth.server.db;

import org.jspecify.annotations.NullMarked;
