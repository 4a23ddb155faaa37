/** HTTP/2 frames (RFC 9113) and header compression (RFC 7541), as far as gRPC needs them. */
@NullMarked
package dev.troth.observe.http2;

import org.jspecify.annotations.NullMarked;
