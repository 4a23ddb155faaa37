@NullMarked
package dev.troth.slo.alert;

import org.jspecify.annotations.NullMarked;
