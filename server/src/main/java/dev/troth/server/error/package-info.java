/** What a service refuses, said without HTTP. */
@NullMarked
package dev.troth.server.error;

import org.jspecify.annotations.NullMarked;
