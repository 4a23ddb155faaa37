@NullMarked
package dev.troth.watch.change;

import org.jspecify.annotations.NullMarked;
