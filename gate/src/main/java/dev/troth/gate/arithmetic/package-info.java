/**
 * RSA, ECDSA and Ed25519 verification in plain Java over 32-bit limbs, for hosts without a JDK. All
 * that is computed on is public: keys, messages and signatures. So nothing here runs in constant
 * time, and nothing here may ever be given a secret.
 */
@NullMarked
package dev.troth.gate.arithmetic;

import org.jspecify.annotations.NullMarked;
