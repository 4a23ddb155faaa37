/**
 * Key files as every host reads them: secrets and public keys are declared, never guessed, and what
 * is not recognised is refused.
 */
@NullMarked
package dev.troth.gate.jwk;

import org.jspecify.annotations.NullMarked;
