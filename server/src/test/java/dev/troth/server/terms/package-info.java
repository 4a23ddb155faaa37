/** What users say of how they want to be told. */
@NullMarked
package dev.troth.server.terms;

import org.jspecify.annotations.NullMarked;
