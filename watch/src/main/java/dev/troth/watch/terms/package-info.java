/** A person's own terms: when they are told, on which channels, and how much at once. */
@NullMarked
package dev.troth.watch.terms;

import org.jspecify.annotations.NullMarked;
