@NullMarked
package dev.troth.observe.otlp;

import org.jspecify.annotations.NullMarked;
