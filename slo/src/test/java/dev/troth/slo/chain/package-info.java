@NullMarked
package dev.troth.slo.chain;

import org.jspecify.annotations.NullMarked;
