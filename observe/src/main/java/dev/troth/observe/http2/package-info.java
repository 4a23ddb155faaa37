/**
 * HTTP/2 (RFC 9113) with its header compression (RFC 7541), as it is read from a socket in
 * cleartext, and gRPC over it. The exporter shares frames and compression.
 */
@NullMarked
package dev.troth.observe.http2;

import org.jspecify.annotations.NullMarked;
