@NullMarked
package dev.troth.slo.objective;

import org.jspecify.annotations.NullMarked;
