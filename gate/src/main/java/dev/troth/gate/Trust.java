package dev.troth.gate;

import dev.troth.gate.keys.KeySource;

/**
 * Keys, and the policy for the tokens that they sign. Beside others, a trust is for the issuers
 * that its policy names.
 */
public record Trust(KeySource keys, Policy policy) {}
