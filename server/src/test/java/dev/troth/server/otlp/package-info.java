@NullMarked
package dev.troth.server.otlp;

import org.jspecify.annotations.NullMarked;
