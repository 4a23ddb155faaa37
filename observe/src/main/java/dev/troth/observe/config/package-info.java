/** The agent's configuration: validated records, and their reading from plain data. */
@NullMarked
package dev.troth.observe.config;

import org.jspecify.annotations.NullMarked;
