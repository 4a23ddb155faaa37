@NullMarked
package dev.troth.server.console.site;

import org.jspecify.annotations.NullMarked;
