package dev.troth.observe.btf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Types of any bytes, and sound ones that were damaged, are read or refused. */
class BtfFuzzTest {
  private static final byte[] SOUND = sound();

  @FuzzTest(maxDuration = "2m")
  void anyTypesAreReadOrRefused(FuzzedDataProvider data) {
    byte[] bytes = SOUND.clone();
    if (data.consumeBoolean()) {
      while (data.remainingBytes() > 2) {
        bytes[data.consumeInt(0, bytes.length - 1)] = data.consumeByte();
      }
    } else {
      bytes = data.consumeRemainingAsBytes();
    }
    try {
      Btf types = Btf.parse(bytes);
      assertThat(types.find(Kind.STRUCT, "outer")).isNotNull();
      assertThat(types.offsetIfPresent("outer", "inner.field")).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static byte[] sound() {
    BtfWriter types = new BtfWriter();
    int integer = types.integer("int", 4);
    int inner = types.structure("", 8, List.of(new BtfWriter.Field("field", integer, 4)));
    int union = types.union("", 8, List.of(new BtfWriter.Field("inner", inner, 0)));
    types.structure("outer", 16, List.of(new BtfWriter.Field("", union, 8)));
    types.typedef("name", integer);
    return types.bytes();
  }
}
