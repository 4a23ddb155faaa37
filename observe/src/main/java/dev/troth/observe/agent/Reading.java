package dev.troth.observe.agent;

import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.log.LogWatch;
import java.util.List;

/** What is read of the connections that are watched, which one is left alone, and the lines. */
record Reading(List<Protocol> protocols, Receiver receiver, LogWatch logs) {
  Reading {
    protocols = List.copyOf(protocols);
  }
}
