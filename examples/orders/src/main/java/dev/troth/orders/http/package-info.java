/**
 * What every service shares on the wire: routes, problem documents, calls to the next service,
 * spans.
 */
@NullMarked
package dev.troth.orders.http;

import org.jspecify.annotations.NullMarked;
