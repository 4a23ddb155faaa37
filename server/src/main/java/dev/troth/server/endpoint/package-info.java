/** The address book: where a user wants to be told, and proof that the address is theirs. */
@NullMarked
package dev.troth.server.endpoint;

import org.jspecify.annotations.NullMarked;
