/** Agents that report to this platform: when one falls silent or misses something, it is told. */
@NullMarked
package dev.troth.server.agent;

import org.jspecify.annotations.NullMarked;
