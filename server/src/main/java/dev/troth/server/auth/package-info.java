/** Who a caller is and what the caller may do. */
@NullMarked
package dev.troth.server.auth;

import org.jspecify.annotations.NullMarked;
