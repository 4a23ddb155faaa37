/** Sign-in at an OpenID Connect provider, beside tokens. */
@NullMarked
package dev.troth.server.openid;

import org.jspecify.annotations.NullMarked;
