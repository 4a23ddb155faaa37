/** Tests of groups. */
@NullMarked
package dev.troth.server.group;

import org.jspecify.annotations.NullMarked;
