package dev.troth.server.source;

/** How a source is read that sends what changes, and has something made at its other end. */
sealed interface StreamSettings extends SourceSettings permits PostgresSettings {}
