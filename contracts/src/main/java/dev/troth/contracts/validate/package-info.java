/** Verdicts on documents: what a schema finds wrong, with every detail. */
@NullMarked
package dev.troth.contracts.validate;

import org.jspecify.annotations.NullMarked;
