@NullMarked
package dev.troth.server.slo;

import org.jspecify.annotations.NullMarked;
