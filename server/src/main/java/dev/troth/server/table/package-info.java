/** Reads how tables of foreign databases are made, for contracts about their rows. */
@NullMarked
package dev.troth.server.table;

import org.jspecify.annotations.NullMarked;
