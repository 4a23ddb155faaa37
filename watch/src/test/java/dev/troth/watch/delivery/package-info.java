@NullMarked
package dev.troth.watch.delivery;

import org.jspecify.annotations.NullMarked;
