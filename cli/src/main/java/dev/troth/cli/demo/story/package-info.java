/** The demo's story: one order and one failure, followed through every room by their ids. */
@NullMarked
package dev.troth.cli.demo.story;

import org.jspecify.annotations.NullMarked;
