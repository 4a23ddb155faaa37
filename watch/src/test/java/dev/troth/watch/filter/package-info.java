@NullMarked
package dev.troth.watch.filter;

import org.jspecify.annotations.NullMarked;
