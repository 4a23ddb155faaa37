/** Tests of the change log. */
@NullMarked
package dev.troth.server.change;

import org.jspecify.annotations.NullMarked;
