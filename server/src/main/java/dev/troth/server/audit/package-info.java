/** The audit log: who did what. */
@NullMarked
package dev.troth.server.audit;

import org.jspecify.annotations.NullMarked;
