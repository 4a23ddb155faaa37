/** Users' own terms: their time zone and their preferences. */
@NullMarked
package dev.troth.server.terms;

import org.jspecify.annotations.NullMarked;
