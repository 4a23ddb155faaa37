@NullMarked
package dev.troth.slo.engine;

import org.jspecify.annotations.NullMarked;
