/** Tests of the configuration file. */
@NullMarked
package dev.troth.gate.config;

import org.jspecify.annotations.NullMarked;
