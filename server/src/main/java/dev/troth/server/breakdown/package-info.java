/** Objectives by the value of an attribute: what each group counted, and which ones there are. */
@NullMarked
package dev.troth.server.breakdown;

import org.jspecify.annotations.NullMarked;
