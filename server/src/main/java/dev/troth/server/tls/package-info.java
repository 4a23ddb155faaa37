/** The certificate of the listeners that speak TLS, read anew when its files change. */
@NullMarked
package dev.troth.server.tls;

import org.jspecify.annotations.NullMarked;
