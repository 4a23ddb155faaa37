/** Keys: secrets, PEM, JWK sets in files and behind URLs, their rotation and their refusals. */
@NullMarked
package dev.troth.gate.keys;

import org.jspecify.annotations.NullMarked;
