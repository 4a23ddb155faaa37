package dev.troth.server.feed;

import java.net.URI;
import java.time.Instant;

/**
 * A user's feed as its owner sees it.
 *
 * @param url the private link: whoever has it reads the feed
 * @param since when the link was made
 */
public record FeedView(String user, URI url, Instant since) {}
