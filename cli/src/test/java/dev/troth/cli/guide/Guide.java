package dev.troth.cli.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation: its fenced blocks, with what a comment before each says of it.
 *
 * <p>{@code console} blocks hold commands after {@code $} and what they print, {@code sh} blocks
 * commands alone. One of these comments may stand on the line before a fence:
 *
 * <pre>
 * &lt;!-- scene: drift --&gt;                runs in a folder of its own, with the files of that scene
 * &lt;!-- not run: needs a cluster --&gt;     is not run, and why
 * &lt;!-- run by: IslandsGuideTest --&gt;     a test that reads this page runs it
 * &lt;!-- page run by: OperationsTest --&gt;  the same of all blocks; stands anywhere
 * </pre>
 *
 * @param name the path below the root of the project
 * @param problems what is not as this notation has it
 */
record Guide(String name, List<Block> blocks, List<String> runners, List<String> problems) {
  @Override
  public String toString() {
    return name;
  }

  private static final Pattern FENCE = Pattern.compile("^(\\s*)```(\\S*)\\s*$");
  private static final Pattern COMMENT = Pattern.compile("^<!-- ([^:]+): (.*?) ?-->$");
  private static final Pattern INDENTED = Pattern.compile("^ {4,}(\\$ |\\./troth |troth ).*");
  private static final Set<String> KINDS = Set.of("scene", "not run", "run by");
  private static final String PAGE = "page run by";

  /**
   * One fenced block.
   *
   * @param line where its fence begins, from 1
   * @param mark the kind of the comment before it, empty without one
   * @param said the rest of that comment
   */
  record Block(int line, String language, String mark, String said, List<String> lines) {
    boolean holdsCommands() {
      return language.equals("console") || language.equals("sh");
    }

    String scene() {
      return mark.equals("scene") ? said : "main";
    }

    boolean isRunHere() {
      return holdsCommands() && (mark.isEmpty() || mark.equals("scene"));
    }
  }

  static Guide read(Path root, Path page) throws IOException {
    return parse(root.relativize(page).toString(), Files.readAllLines(page));
  }

  static Guide parse(String name, List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    List<String> runners = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    String mark = "";
    String said = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      Matcher comment = COMMENT.matcher(lines.get(i));
      String at = name + ":" + (i + 1) + ": ";
      if (fence.matches()) {
        int begin = i;
        List<String> body = new ArrayList<>();
        while (++i < lines.size() && !lines.get(i).strip().equals("```")) {
          body.add(lines.get(i));
        }
        Block block = new Block(begin + 1, fence.group(2), mark, said, body);
        blocks.add(block);
        check(block, at, problems);
        mark = "";
        said = "";
        continue;
      }
      if (!mark.isEmpty()) {
        problems.add(name + ":" + i + ": '" + mark + "' without a block after it");
        mark = "";
      }
      if (comment.matches() && comment.group(1).equals(PAGE)) {
        runners.add(comment.group(2));
      } else if (comment.matches() && KINDS.contains(comment.group(1))) {
        mark = comment.group(1);
        said = comment.group(2);
        if (said.isBlank()) {
          problems.add(at + "'" + mark + "' says nothing");
        }
      } else if (comment.matches()) {
        problems.add(at + "unknown comment, expected one of " + KINDS + " or " + PAGE);
      } else if (INDENTED.matcher(lines.get(i)).matches()) {
        problems.add(at + "commands by indentation, expected a fence ```console");
      }
    }
    if (!mark.isEmpty()) {
      problems.add(name + ":" + lines.size() + ": '" + mark + "' without a block after it");
    }
    return new Guide(name, blocks, runners, problems);
  }

  private static void check(Block block, String at, List<String> problems) {
    if (block.language().isEmpty()) {
      problems.add(at + "a block without a language, expected console, sh, text or another");
    }
    boolean commands = block.lines().stream().anyMatch(line -> line.startsWith("$ "));
    if (commands && !block.language().equals("console")) {
      problems.add(at + "a block with '$ ' is of " + block.language() + ", expected console");
    }
    if (block.language().equals("console")
        && (block.lines().isEmpty() || !block.lines().getFirst().startsWith("$ "))) {
      problems.add(at + "a console block does not begin with '$ '");
    }
    if (!block.mark().isEmpty() && !block.holdsCommands()) {
      problems.add(at + "'" + block.mark() + "' before a block without commands");
    }
  }

  /** The blocks that run here by scene, both in the order of the page. */
  Map<String, List<Block>> scenes() {
    Map<String, List<Block>> scenes = new LinkedHashMap<>();
    for (Block block : blocks) {
      if (runners.isEmpty() && block.isRunHere()) {
        scenes.computeIfAbsent(block.scene(), unused -> new ArrayList<>()).add(block);
      }
    }
    return scenes;
  }

  /** The contracts that the page shows, by the file name in their first line. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    Pattern named = Pattern.compile("# (\\S+\\.contract\\.yaml)");
    for (Block block : blocks) {
      if (block.language().equals("yaml") && !block.lines().isEmpty()) {
        Matcher name = named.matcher(block.lines().getFirst());
        if (name.matches()) {
          files.put(name.group(1), String.join("\n", block.lines()) + "\n");
        }
      }
    }
    return files;
  }
}
