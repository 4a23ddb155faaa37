/** Tests of a person's own terms. */
@NullMarked
package dev.troth.watch.terms;

import org.jspecify.annotations.NullMarked;
