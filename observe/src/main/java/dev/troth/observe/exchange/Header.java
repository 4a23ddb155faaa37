package dev.troth.observe.http;

/** A header field; the name is in lower case. */
public record Header(String name, String value) {}
