/**
 * Data contracts: {@code Contract.load(path).validator().validate(bytes)} says whether a message
 * keeps its contract, and what is wrong if it does not.
 */
@NullMarked
package dev.troth.contracts;

import org.jspecify.annotations.NullMarked;
