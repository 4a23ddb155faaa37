@NullMarked
package dev.troth.observe.route;

import org.jspecify.annotations.NullMarked;
