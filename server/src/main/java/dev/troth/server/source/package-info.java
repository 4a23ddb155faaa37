/** Where changes come from that nobody sends in: what is looked at again and again. */
@NullMarked
package dev.troth.server.source;

import org.jspecify.annotations.NullMarked;
