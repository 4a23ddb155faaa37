package dev.troth.cart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide to the pattern shows code that is there. */
class IslandsGuideTest {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", "../.."));
  private static final Pattern BLOCK =
      Pattern.compile("<!-- (\\S+) -->\\n```\\w+\\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyBlockStandsInItsFileLineByLineAndInThisOrder() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("docs/islands.md")));
    int blocks = 0;
    while (block.find()) {
      String file = Files.readString(ROOT.resolve(block.group(1)));
      int at = 0;
      for (String line : block.group(2).split("\n")) {
        int found = file.indexOf(line.strip(), at);
        assertThat(found)
            .as("%s has, after what stands before: %s", block.group(1), line)
            .isNotNegative();
        at = found + line.strip().length();
      }
      blocks++;
    }
    assertThat(blocks).as("blocks of code with a file").isEqualTo(9);
  }
}
