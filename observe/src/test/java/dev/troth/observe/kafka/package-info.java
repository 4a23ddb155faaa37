@NullMarked
package dev.troth.observe.kafka;

import org.jspecify.annotations.NullMarked;
