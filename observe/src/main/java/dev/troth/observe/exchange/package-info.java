/**
 * What every protocol is read into: exchanges of a request and its response, with facts by kind of
 * conversation, and the protocol itself as the agent sees it. Pure: no clock, no I/O.
 */
@NullMarked
package dev.troth.observe.exchange;

import org.jspecify.annotations.NullMarked;
