@NullMarked
package dev.troth.slo;

import org.jspecify.annotations.NullMarked;
