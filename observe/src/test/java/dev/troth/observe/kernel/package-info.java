@NullMarked
package dev.troth.observe.kernel;

import org.jspecify.annotations.NullMarked;
