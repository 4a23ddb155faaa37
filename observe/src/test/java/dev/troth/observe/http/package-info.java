@NullMarked
package dev.troth.observe.http;

import org.jspecify.annotations.NullMarked;
