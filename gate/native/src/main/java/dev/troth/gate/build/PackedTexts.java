package dev.troth.gate.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the texts of a program so that they take a byte a character in it, and memory only once
 * they are asked for: most are words about faults that never occur. As TeaVM writes them, each is
 * two objects of two bytes a character, and all of them are written to and hashed at every start.
 */
final class PackedTexts {
  private static final Pattern TEXT =
      Pattern.compile("TEAVM_STRING\\((\\d+), -?\\d+,u(\"(?:[^\"\\\\]|\\\\.)*\")\\)");

  private PackedTexts() {}

  /** Rewrites {@code strings.c} and {@code strings.h} in the folder of a program. */
  static void pack(Path folder) throws IOException {
    Path file = folder.resolve("strings.c");
    String source = Files.readString(file);
    StringBuilder lengths = new StringBuilder();
    StringBuilder texts = new StringBuilder();
    int count = 0;
    int longest = 0;
    Matcher text = TEXT.matcher(source);
    while (text.find()) {
      lengths.append(text.group(1)).append(',');
      texts.append(text.group(2)).append('\n');
      longest = Math.max(longest, Integer.parseInt(text.group(1)));
      count++;
    }
    if (!source.contains("TeaVM_String* teavm_stringPool[" + count + "] = {")
        || texts.chars().anyMatch(character -> character > 0x7e)) {
      throw new BuildException(
          "strings.c has other texts than %d of ASCII: the TeaVM version or a text changed, review"
                  .formatted(count)
              + " PackedTexts");
    }
    Files.writeString(file, source(count, longest < 256 ? "uint8_t" : "uint16_t", lengths, texts));
    JavaToC.replace(
        folder.resolve("strings.h"),
        "#define TEAVM_GET_STRING(i) teavm_stringPool[i]",
        "extern TeaVM_String* teavm_text(int32_t);\n#define TEAVM_GET_STRING(i) teavm_text(i)");
  }

  private static String source(int count, String length, CharSequence lengths, CharSequence texts) {
    return """
    #include "strings.h"
    #include <stdlib.h>

    static const %s lengths[] = {%s};
    static const char texts[] = %s;
    TeaVM_String* teavm_stringPool[%d];

    typedef struct {
      TeaVM_String string;
      struct {
        TeaVM_Array head;
        char16_t data[];
      } characters;
    } Text;

    __attribute__((noinline)) TeaVM_String* teavm_text(int32_t index) {
      if (teavm_stringPool[index] == 0) {
        const char* from = texts;
        for (int32_t i = 0; i < index; i++) {
          from += lengths[i];
        }
        int32_t length = lengths[index];
        Text* text = calloc(1, sizeof(Text) + sizeof(char16_t) * ((size_t)length + 1));
        if (text == 0) {
          abort();
        }
        text->string.parent.header = TEAVM_PACK_CLASS(&jl_String_Cls) | (int32_t)0x80000000;
        text->string.characters = (TeaVM_Array*)&text->characters;
        text->characters.head.parent.header =
            TEAVM_PACK_CLASS(teavm_charArrayClass) | (int32_t)0x80000000;
        text->characters.head.size = length;
        for (int32_t i = 0; i < length; i++) {
          text->characters.data[i] = (unsigned char)from[i];
        }
        teavm_stringPool[index] = &text->string;
      }
      return teavm_stringPool[index];
    }

    void teavm_initStringPool() {}
    """
        .formatted(length, lengths, texts, count);
  }
}
