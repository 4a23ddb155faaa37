/**
 * The configuration file of gate, read the same by every host: several issuers, rules for paths.
 */
@NullMarked
package dev.troth.gate.config;

import org.jspecify.annotations.NullMarked;
