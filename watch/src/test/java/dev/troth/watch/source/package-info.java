@NullMarked
package dev.troth.watch.source;

import org.jspecify.annotations.NullMarked;
