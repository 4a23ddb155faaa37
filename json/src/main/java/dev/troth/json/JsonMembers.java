package dev.troth.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds a JSON object member by member: {@code new JsonMembers().text("a", "b").json()}. */
public final class JsonMembers {
  private final Map<String, Json> members = new LinkedHashMap<>();

  public JsonMembers put(String name, Json value) {
    members.put(name, value);
    return this;
  }

  public JsonMembers put(String name, Optional<? extends Json> value) {
    value.ifPresent(present -> members.put(name, present));
    return this;
  }

  public JsonMembers text(String name, String value) {
    return put(name, new Json.Str(value));
  }

  public JsonMembers flag(String name, boolean value) {
    return put(name, Json.Bool.of(value));
  }

  /** An array, unless it is empty. */
  public JsonMembers list(String name, List<? extends Json> items) {
    return items.isEmpty() ? this : put(name, new Json.Arr(List.copyOf(items)));
  }

  /** All members of an object that are not here yet. */
  public JsonMembers others(Json.Obj object) {
    object.members().forEach(members::putIfAbsent);
    return this;
  }

  public JsonMembers remove(String name) {
    members.remove(name);
    return this;
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  public Json.Obj json() {
    return new Json.Obj(members);
  }
}
