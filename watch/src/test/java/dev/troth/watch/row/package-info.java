@NullMarked
package dev.troth.watch.row;

import org.jspecify.annotations.NullMarked;
