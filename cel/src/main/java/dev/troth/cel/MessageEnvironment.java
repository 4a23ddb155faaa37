package dev.troth.cel;

import java.util.Optional;

/** Where a rule on a message is read: its only names are {@code this} and {@code message}. */
record MessageEnvironment(Patterns matching) implements Environment {
  @Override
  public boolean hasVariable(String name) {
    return name.equals("this") || name.equals("message");
  }

  @Override
  public String expectedInsteadOf(String name) {
    return "this (the message) as in this." + name;
  }

  @Override
  public Optional<Patterns> patterns() {
    return Optional.of(matching);
  }
}
