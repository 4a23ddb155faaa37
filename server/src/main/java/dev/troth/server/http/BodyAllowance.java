package dev.troth.server.http;

import dev.troth.server.limit.ByteBudget;

/**
 * How many bytes the body of one request may hold.
 *
 * @param longest the longest body, in bytes
 * @param lease what it takes of the bytes that all bodies share
 */
public record BodyAllowance(long longest, ByteBudget.Lease lease) {}
