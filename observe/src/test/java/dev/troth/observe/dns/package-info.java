@NullMarked
package dev.troth.observe.dns;

import org.jspecify.annotations.NullMarked;
