/** Tests of what is said and told of incidents. */
@NullMarked
package dev.troth.server.incident;

import org.jspecify.annotations.NullMarked;
