/**
 * The fast "yes or no": documents are scanned into a tape of integers, and a schema becomes JVM
 * bytecode that walks it.
 */
@NullMarked
package dev.troth.contracts.compile;

import org.jspecify.annotations.NullMarked;
