package dev.troth.server.objective;

/** A line in the list of objectives: one that is watched over, or a file that cannot be read. */
public sealed interface ObjectiveEntry permits ObjectiveView, BrokenFile {}
