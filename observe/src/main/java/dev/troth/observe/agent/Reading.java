package dev.troth.observe.agent;

import dev.troth.observe.exchange.Protocol;
import java.util.List;

/** What is read of the connections that are watched, and which one is left alone. */
record Reading(List<Protocol> protocols, Receiver receiver) {
  Reading {
    protocols = List.copyOf(protocols);
  }
}
