/** The demo: the platform, the orders example and its customers as processes of their own. */
@NullMarked
package dev.troth.cli.demo;

import org.jspecify.annotations.NullMarked;
