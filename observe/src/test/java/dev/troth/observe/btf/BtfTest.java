package dev.troth.observe.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

final class BtfTest {
  private static byte[] sample() {
    BtfWriter types = new BtfWriter();
    int integer = types.integer("int", 4);
    int inner = types.structure("", 8, List.of(new BtfWriter.Field("deep", integer, 4)));
    int union = types.union("", 8, List.of(new BtfWriter.Field("", inner, 0)));
    int outer =
        types.structure(
            "outer",
            24,
            List.of(new BtfWriter.Field("first", integer, 0), new BtfWriter.Field("", union, 16)));
    int alias = types.typedef("outer_t", outer);
    types.structure("whole", 32, List.of(new BtfWriter.Field("part", alias, 8)));
    return types.bytes();
  }

  @Test
  void findsFieldsThroughAnonymousStructuresAndAliases() {
    Btf btf = Btf.parse(sample());
    assertThat(btf.offset("outer", "first")).isZero();
    assertThat(btf.offset("outer", "deep")).isEqualTo(20);
    assertThat(btf.offset("whole", "part.deep")).isEqualTo(28);
    assertThat(btf.find(Kind.TYPEDEF, "outer_t")).hasValue(5);
    assertThat(btf.find(Kind.STRUCT, "outer_t")).isEmpty();
    assertThat(btf.size()).isEqualTo(6);
  }

  @Test
  void saysWhatIsNotThere() {
    Btf btf = Btf.parse(sample());
    assertThatThrownBy(() -> btf.offset("outer", "second"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("this kernel's BTF has no field outer.second");
    assertThat(btf.offsetIfPresent("nothing", "first")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Btf.parse(new byte[10]))
        .withMessageContaining("magic");
  }

  @Test
  void damagedTypesAreRefusedOrRead() {
    Property.of("damaged BTF")
        .runs(2_000, 200_000)
        .check(random -> {
          byte[] bytes = sample();
          for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
          }
          byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
          try {
            Btf.parse(random.nextBoolean() ? bytes : cut).offsetIfPresent("whole", "part.deep");
          } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("BTF");
          }
        });
  }
}
