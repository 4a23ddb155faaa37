@NullMarked
package dev.troth.server.folder;

import org.jspecify.annotations.NullMarked;
