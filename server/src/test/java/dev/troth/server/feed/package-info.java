@NullMarked
package dev.troth.server.feed;

import org.jspecify.annotations.NullMarked;
