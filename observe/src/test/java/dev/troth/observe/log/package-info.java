@NullMarked
package dev.troth.observe.log;

import org.jspecify.annotations.NullMarked;
