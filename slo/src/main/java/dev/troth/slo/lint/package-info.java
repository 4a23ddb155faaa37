/** One lint for every file about promises: objectives, and the templates that watch them. */
@NullMarked
package dev.troth.slo.lint;

import org.jspecify.annotations.NullMarked;
