/** The {@code troth} command: its root and how it starts; a package per system. */
@NullMarked
package dev.troth.cli;

import org.jspecify.annotations.NullMarked;
