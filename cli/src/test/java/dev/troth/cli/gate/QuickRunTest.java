package dev.troth.cli.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The quick reading of {@code gate run} is picocli's, or none. */
class QuickRunTest {
  private static final List<String> VALUES =
      List.of(
          "a",
          "off",
          "Off",
          "auto",
          "perhaps",
          "HS256",
          "ES256,RS256",
          "hs256",
          "a,b",
          "a,,b",
          ",",
          "",
          "0",
          "5",
          "007",
          "+5",
          "-1",
          "99999999999",
          "1.5",
          "/k",
          "k.json",
          "a=b",
          "'a'",
          "\"a\"",
          "a b",
          "https://id.example/keys",
          "http://[",
          "@file",
          "ä",
          "exp,iat",
          "exp,exp",
          "--",
          "-",
          "run");

  @Test
  void everyOptionIsReadQuickly() throws Exception {
    for (OptionSpec option : picocli().getCommandSpec().options()) {
      if (option.usageHelp() || option.versionHelp()) {
        continue;
      }
      List<String> arguments = new ArrayList<>(List.of(option.longestName()));
      if (option.arity().min() > 0) {
        arguments.add(sample(option));
      }
      assertThat(read(arguments)).as(String.join(" ", arguments)).isPresent();
      assertSame(arguments);
    }
  }

  @Test
  void whatIsReadQuicklyIsWhatPicocliReads() {
    List<String> names = new ArrayList<>();
    picocli().getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    names.addAll(List.of("--nothing", "--key", "-x"));
    int[] quick = new int[1];
    Property.of("quick options are picocli's")
        .runs(4000, 200_000)
        .check(random -> {
          List<String> arguments = arguments(names, random);
          if (read(arguments).isPresent()) {
            quick[0]++;
            assertSame(arguments);
          }
        });
    assertThat(quick[0]).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-V",
        "--nothing",
        "here",
        "--keys",
        "--port 1 --port 2",
        "--port x",
        "--leeway 1s",
        "--sandbox maybe",
        "--alg none",
        "--alg HS256,",
        "@options",
        "--keys @k",
        "--keys --port 1",
        "--no-preflight=false",
        "--keys=",
        "-- --port 1",
        "--jwks-url http://["
      })
  void whatIsRareOrWrongIsLeftToPicocli(String arguments) {
    assertThat(read(List.of(arguments.split(" ")))).isEmpty();
  }

  @Test
  void onlyGateRunIsReadQuickly() {
    assertThat(QuickRun.read(List.of())).isEmpty();
    assertThat(QuickRun.read(List.of("gate"))).isEmpty();
    assertThat(QuickRun.read(List.of("gate", "verify", "--keys", "k"))).isEmpty();
    assertThat(QuickRun.read(List.of("up"))).isEmpty();
    assertThat(QuickRun.read(List.of("gate", "run"))).isPresent();
  }

  private static List<String> arguments(List<String> names, RandomGenerator random) {
    List<String> arguments = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = names.get(random.nextInt(names.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      switch (random.nextInt(8)) {
        case 0 -> arguments.add(name);
        case 1 -> arguments.add(value);
        case 2, 3, 4 -> arguments.add(name + "=" + value);
        default -> arguments.addAll(List.of(name, value));
      }
    }
    return arguments;
  }

  private static String sample(OptionSpec option) {
    Class<?> type = option.auxiliaryTypes()[0];
    if (type.isEnum()) {
      return option.longestName().equals("--alg") ? "HS256" : "off";
    }
    return Number.class.isAssignableFrom(type) || type.isPrimitive() ? "7" : "exp";
  }

  private static Optional<Callable<Integer>> read(List<String> options) {
    List<String> arguments = new ArrayList<>(List.of("gate", "run"));
    arguments.addAll(options);
    return QuickRun.read(arguments);
  }

  private static CommandLine picocli() {
    return new CommandLine(new GateRunCommand()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static void assertSame(List<String> arguments) throws IllegalAccessException {
    CommandLine picocli = picocli();
    picocli.parseArgs(arguments.toArray(String[]::new));
    assertThat(fields(read(arguments).orElseThrow()))
        .as(String.join(" ", arguments))
        .isEqualTo(fields(picocli.getCommand()));
  }

  /** The options of a command and of what it has mixed in. */
  private static Map<String, Object> fields(Object command) throws IllegalAccessException {
    Map<String, Object> fields = new TreeMap<>();
    for (Field field : command.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      if (field.isAnnotationPresent(CommandLine.Option.class)) {
        fields.put(field.getName(), String.valueOf(field.get(command)));
      } else if (field.isAnnotationPresent(CommandLine.Mixin.class)) {
        fields.putAll(fields(field.get(command)));
      }
    }
    return fields;
  }
}
