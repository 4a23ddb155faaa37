/** What changed between two versions of a contract, for the person who reviews it. */
@NullMarked
package dev.troth.contracts.difference;

import org.jspecify.annotations.NullMarked;
