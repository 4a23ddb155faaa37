/**
 * The native host: one thread, one epoll, no garbage on the way of a request. It is compiled to C
 * by TeaVM and never runs in a JVM.
 */
@NullMarked
package dev.troth.gate.host;

import org.jspecify.annotations.NullMarked;
