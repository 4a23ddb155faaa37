@NullMarked
package dev.troth.observe.memcached;

import org.jspecify.annotations.NullMarked;
