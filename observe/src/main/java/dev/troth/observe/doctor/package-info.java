/** What this machine offers to the agent, and what it refuses. */
@NullMarked
package dev.troth.observe.doctor;

import org.jspecify.annotations.NullMarked;
