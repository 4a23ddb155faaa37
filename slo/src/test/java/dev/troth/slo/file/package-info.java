@NullMarked
package dev.troth.slo.file;

import org.jspecify.annotations.NullMarked;
