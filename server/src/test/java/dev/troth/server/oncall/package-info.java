/** Tests of pages and escalations. */
@NullMarked
package dev.troth.server.oncall;

import org.jspecify.annotations.NullMarked;
