@NullMarked
package dev.troth.observe.redis;

import org.jspecify.annotations.NullMarked;
