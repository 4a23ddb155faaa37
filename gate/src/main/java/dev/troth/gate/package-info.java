/**
 * Is this token genuine? The library that services embed: {@link dev.troth.gate.Gate} holds keys
 * and a policy and gives a {@link dev.troth.gate.Verdict} on a token.
 */
@NullMarked
package dev.troth.gate;

import org.jspecify.annotations.NullMarked;
