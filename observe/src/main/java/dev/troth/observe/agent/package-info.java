/** The agent: takes events from the kernel, turns them into spans, hands these to its outputs. */
@NullMarked
package dev.troth.observe.agent;

import org.jspecify.annotations.NullMarked;
