/** Fan-out and attempts: who is told of a change, when, and how often it is tried. */
@NullMarked
package dev.troth.server.delivery;

import org.jspecify.annotations.NullMarked;
