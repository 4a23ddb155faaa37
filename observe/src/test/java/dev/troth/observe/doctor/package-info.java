@NullMarked
package dev.troth.observe.doctor;

import org.jspecify.annotations.NullMarked;
