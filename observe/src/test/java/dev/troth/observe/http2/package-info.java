@NullMarked
package dev.troth.observe.http2;

import org.jspecify.annotations.NullMarked;
