/** Gate as a service in the JVM: sockets and threads around {@link dev.troth.gate.http}. */
@NullMarked
package dev.troth.gate.serve;

import org.jspecify.annotations.NullMarked;
