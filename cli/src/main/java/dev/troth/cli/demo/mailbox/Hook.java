package dev.troth.cli.demo.mailbox;

import java.time.Instant;

/**
 * A webhook whose signature was right.
 *
 * @param id its {@code webhook-id}, the same at every attempt
 */
public record Hook(Instant at, String id, String text) {}
