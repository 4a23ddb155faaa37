/** The mistakes that promises make, in files of objectives and in templates that watch them. */
@NullMarked
package dev.troth.slo.lint;

import org.jspecify.annotations.NullMarked;
