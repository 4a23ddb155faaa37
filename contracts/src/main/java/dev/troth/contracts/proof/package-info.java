/**
 * Proves that every document of one schema is valid under another, or finds one that is not: the
 * conjunction of the one and the negation of the other is searched for a witness, type by type,
 * over exact number sets, regular languages, and the counting of items and members.
 */
@NullMarked
package dev.troth.contracts.proof;

import org.jspecify.annotations.NullMarked;
