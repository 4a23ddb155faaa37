package dev.troth.observe.span;

/** What the writer of one kind of facts says beside the attributes. */
record Written(String name, boolean failed, Labels labels) {}
