/** Tests of how key files are read. */
@NullMarked
package dev.troth.gate.jwk;

import org.jspecify.annotations.NullMarked;
