package dev.troth.json.file;

import java.util.Optional;

/**
 * What the tags of a language mean: a tagged value is short for an object of one member, as {@code
 * !Ref x} is for {@code {"Ref": "x"}}.
 */
@FunctionalInterface
public interface YamlTags {
  /** Tags mean nothing. */
  YamlTags NONE = _ -> Optional.empty();

  /**
   * The name of the member that a tag such as {@code !Ref} stands for; none if it is no short form.
   */
  Optional<String> member(String tag);
}
