/**
 * Gate as a service: HTTP/1.1 requests as bytes in, responses as bytes out. {@link
 * dev.troth.gate.http.GateService} does no I/O and reads no clock, and is compiled both for the JVM
 * and into the native host; sockets belong to the hosts.
 */
@NullMarked
package dev.troth.gate.http;

import org.jspecify.annotations.NullMarked;
