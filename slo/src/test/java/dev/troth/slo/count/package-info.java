@NullMarked
package dev.troth.slo.count;

import org.jspecify.annotations.NullMarked;
