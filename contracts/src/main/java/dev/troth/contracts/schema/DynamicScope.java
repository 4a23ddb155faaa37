package dev.troth.contracts.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of the dynamic scope that matters: for each dynamic anchor met so far, the schema of the
 * outermost resource that has it (2020-12 core §8.2.3.2). Immutable; equal scopes lead every schema
 * to the same verdicts, so a compiler can specialise a schema per scope.
 */
public record DynamicScope(Map<String, Schema> outermost) {
  public static final DynamicScope EMPTY = new DynamicScope(Map.of());

  public DynamicScope {
    outermost = Map.copyOf(outermost);
  }

  /** The scope inside a resource. */
  public DynamicScope enter(Resource resource) {
    if (outermost.keySet().containsAll(resource.dynamicAnchors().keySet())) {
      return this;
    }
    Map<String, Schema> inner = new LinkedHashMap<>(resource.dynamicAnchors());
    inner.putAll(outermost);
    return new DynamicScope(inner);
  }

  /** The schema that a dynamic reference means here. */
  public Schema resolve(Keyword.DynamicRef ref) {
    Schema initial = ref.link().target();
    // Only an initial target that is itself such an anchor makes the reference dynamic.
    boolean dynamic = initial.resource().dynamicAnchors().get(ref.anchor()) == initial;
    return dynamic ? outermost.getOrDefault(ref.anchor(), initial) : initial;
  }
}
