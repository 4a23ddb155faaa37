/** {@code troth contract publish} and {@code pull}: contracts in a platform's registry. */
@NullMarked
package dev.troth.cli.contract.registry;

import org.jspecify.annotations.NullMarked;
