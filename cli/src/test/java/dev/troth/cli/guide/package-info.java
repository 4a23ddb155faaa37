@org.jspecify.annotations.NullMarked
package dev.troth.cli.guide;
