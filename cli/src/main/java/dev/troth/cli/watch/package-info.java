/** {@code troth watch}: add, list, remove, inbox, import. */
@NullMarked
package dev.troth.cli.watch;

import org.jspecify.annotations.NullMarked;
