@NullMarked
package dev.troth.observe.print;

import org.jspecify.annotations.NullMarked;
