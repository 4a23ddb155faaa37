@NullMarked
package dev.troth.watch.webhook;

import org.jspecify.annotations.NullMarked;
