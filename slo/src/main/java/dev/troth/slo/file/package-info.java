/** Objective files: OpenSLO v1 as it is, and {@code troth.dev/v1 CompositeSLO} for chains. */
@NullMarked
package dev.troth.slo.file;

import org.jspecify.annotations.NullMarked;
