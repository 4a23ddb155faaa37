/** {@code troth contract bowtie}: the validator and the prover as the public harnesses ask them. */
@NullMarked
package dev.troth.cli.bowtie;

import org.jspecify.annotations.NullMarked;
