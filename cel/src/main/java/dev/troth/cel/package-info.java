/**
 * A listed subset of CEL, the Common Expression Language, in which every accepted expression means
 * what it means in CEL.
 */
@NullMarked
package dev.troth.cel;

import org.jspecify.annotations.NullMarked;
