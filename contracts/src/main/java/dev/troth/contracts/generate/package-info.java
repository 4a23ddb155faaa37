/**
 * Code generated from contracts: {@link dev.troth.contracts.generate.Generator} derives types from
 * a schema and writes them in Java, Python or Go. What a language cannot hold faithfully is a
 * finding and nothing is written.
 */
@NullMarked
package dev.troth.contracts.generate;

import org.jspecify.annotations.NullMarked;
