package dev.troth.server.db;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The one platform on its database. */
final class Alone implements Replicas, Replicas.Lease {
  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public boolean isFirst() {
    return true;
  }

  @Override
  public long number() {
    return 0;
  }

  @Override
  public boolean holds() {
    return true;
  }

  @Override
  public boolean hearsWell() {
    return true;
  }

  @Override
  public List<Long> living(Handle handle) {
    return List.of(number());
  }

  @Override
  public void tell(Handle handle, String topic) {
    // Nobody else has to know.
  }

  @Override
  public void say(Handle handle, String text) {
    // There is nobody to hear it.
  }

  @Override
  public Map<Long, String> said(Handle handle) {
    return Map.of();
  }

  @Override
  public void add(Neighbour neighbour) {
    // Nobody else says anything.
  }

  @Override
  public void look() {
    // Nobody else writes.
  }

  @Override
  public Lease lease(String name) {
    return this;
  }

  @Override
  public long take(Handle handle) {
    return 1;
  }

  @Override
  public void giveBack(Handle handle) {
    // It stays here.
  }
}
