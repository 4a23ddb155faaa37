/** {@code troth contract}: lint, check, diff, validate, generate, import, export. */
@NullMarked
package dev.troth.cli.contract;

import org.jspecify.annotations.NullMarked;
