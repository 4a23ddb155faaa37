/** Contracts beside their peers: from the bytes of a document to a verdict. */
@NullMarked
package dev.troth.bench.contracts;

import org.jspecify.annotations.NullMarked;
