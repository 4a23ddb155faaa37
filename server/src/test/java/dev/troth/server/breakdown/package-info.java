/** Objectives by the value of an attribute, against the platform as it runs. */
@NullMarked
package dev.troth.server.breakdown;

import org.jspecify.annotations.NullMarked;
