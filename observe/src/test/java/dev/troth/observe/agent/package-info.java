@NullMarked
package dev.troth.observe.agent;

import org.jspecify.annotations.NullMarked;
