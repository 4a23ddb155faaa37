/**
 * The token validator: strict JWS compact parsing, HMAC, claims and policy over {@code byte[]}.
 *
 * <p>This package is compiled three times: for the JVM, to WebAssembly and to a native program. So
 * it uses arrays and arithmetic alone: no reflection, no JCA, no I/O, no clock; and because an
 * exception in the WebAssembly build is a trap, nothing here throws on any input.
 */
@NullMarked
package dev.troth.gate.core;

import org.jspecify.annotations.NullMarked;
