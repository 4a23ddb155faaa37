@NullMarked
package dev.troth.server.console.page;

import org.jspecify.annotations.NullMarked;
