@NullMarked
package dev.troth.server.openid;

import org.jspecify.annotations.NullMarked;
