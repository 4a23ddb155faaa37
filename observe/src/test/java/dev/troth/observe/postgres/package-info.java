@NullMarked
package dev.troth.observe.postgres;

import org.jspecify.annotations.NullMarked;
