/** The HTTP face of identity: logins, tokens, and who one is. */
@NullMarked
package dev.troth.server.login;

import org.jspecify.annotations.NullMarked;
