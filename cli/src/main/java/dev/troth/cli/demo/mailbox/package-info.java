/** The demo's mailbox: it takes mail on loopback, keeps the last of it, and shows it on a page. */
@NullMarked
package dev.troth.cli.demo.mailbox;

import org.jspecify.annotations.NullMarked;
