/** {@code troth observe}: run, doctor, bench. */
@NullMarked
package dev.troth.cli.observe;

import org.jspecify.annotations.NullMarked;
