package dev.troth.orders.consumer;

import java.time.Instant;

/** An event that could not be used: where it stood in the stream, what it said, why not. */
record DeadLetter(String position, String subject, String data, String reason, Instant at) {}
