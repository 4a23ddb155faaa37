@NullMarked
package dev.troth.watch;

import org.jspecify.annotations.NullMarked;
