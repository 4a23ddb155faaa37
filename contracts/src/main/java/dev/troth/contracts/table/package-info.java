/** Tables of a database as contracts, and contracts compared with tables. Nothing here connects. */
@NullMarked
package dev.troth.contracts.table;

import org.jspecify.annotations.NullMarked;
