/** Connections of HTTP/1.1 before the server reads them. */
@NullMarked
package dev.troth.server.http.connection;

import org.jspecify.annotations.NullMarked;
