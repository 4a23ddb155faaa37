@NullMarked
package dev.troth.watch.fanout;

import org.jspecify.annotations.NullMarked;
