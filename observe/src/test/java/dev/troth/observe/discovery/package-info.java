@NullMarked
package dev.troth.observe.discovery;

import org.jspecify.annotations.NullMarked;
