/** HTTP as every room of the server uses it: listeners, routes, JSON, problem documents. */
@NullMarked
package dev.troth.server.http;

import org.jspecify.annotations.NullMarked;
