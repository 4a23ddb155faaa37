@NullMarked
package dev.troth.observe.config;

import org.jspecify.annotations.NullMarked;
