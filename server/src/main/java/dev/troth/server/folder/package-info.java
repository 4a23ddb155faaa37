/** Folders of this machine whose files are watched: what is there, and what was seen of it. */
@NullMarked
package dev.troth.server.folder;

import org.jspecify.annotations.NullMarked;
