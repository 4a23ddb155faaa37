/**
 * Data contracts: what a payload promises, and whether it keeps it. Reading ({@code json}, {@code
 * schema}), checking documents ({@code validate}), and proving that one version reads what another
 * writes ({@code compatibility}, {@code proof}).
 */
@NullMarked
package dev.troth.contracts;

import org.jspecify.annotations.NullMarked;
