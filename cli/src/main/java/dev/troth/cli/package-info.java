/** The {@code troth} command: one class per sub-command. */
@NullMarked
package dev.troth.cli;

import org.jspecify.annotations.NullMarked;
