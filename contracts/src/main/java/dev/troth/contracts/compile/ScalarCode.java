package dev.troth.contracts.compile;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Dfa;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.schema.Keyword;
import dev.troth.json.Json;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Generates the tests of {@code enum} and {@code const}, of numbers and of strings. */
final class ScalarCode {
  private static final int LONG_DIGITS = 18;

  /** Up to so many numbers are compared by code of their own, more are looked up. */
  private static final int FEW_NUMBERS = 16;

  private final Compiler compiler;
  private final CodeBuilder code;
  private final int type;
  private final Label fail;

  ScalarCode(Compiler compiler, CodeBuilder code, int type, Label fail) {
    this.compiler = compiler;
    this.code = code;
    this.type = type;
    this.fail = fail;
  }

  void keywords(List<Keyword> keywords) {
    for (Keyword keyword : keywords) {
      if (keyword instanceof Keyword.Enum choice) {
        oneOf(choice.values());
      } else if (keyword instanceof Keyword.Const constant) {
        oneOf(List.of(constant.value()));
      }
    }
    List<Keyword> numeric = keywords.stream().filter(ScalarCode::isNumeric).toList();
    if (!numeric.isEmpty()) {
      Label other = code.newLabel();
      Label number = code.newLabel();
      code.iload(type).loadConstant(Tape.INT).if_icmpeq(number);
      code.iload(type).loadConstant(Tape.NUM).if_icmpne(other).labelBinding(number);
      numeric.forEach(this::number);
      code.labelBinding(other);
    }
    List<Keyword> textual = keywords.stream().filter(ScalarCode::isTextual).toList();
    if (!textual.isEmpty()) {
      Label other = code.newLabel();
      code.iload(type).loadConstant(Tape.STR).if_icmpne(other);
      textual.forEach(this::text);
      code.labelBinding(other);
    }
  }

  private static boolean isNumeric(Keyword keyword) {
    return keyword instanceof Keyword.Minimum
        || keyword instanceof Keyword.Maximum
        || keyword instanceof Keyword.MultipleOf;
  }

  private static boolean isTextual(Keyword keyword) {
    return switch (keyword) {
      case Keyword.Pattern _, Keyword.FormatOf _ -> true;
      case Keyword.AtLeast least -> least.what() == Keyword.Countable.CHARACTERS;
      case Keyword.AtMost most -> most.what() == Keyword.Countable.CHARACTERS;
      default -> false;
    };
  }

  private void oneOf(List<Json> values) {
    Label ok = code.newLabel();
    List<String> texts = new ArrayList<>();
    List<BigDecimal> numbers = new ArrayList<>();
    for (Json value : values) {
      switch (value) {
        case Json.Str text -> texts.add(text.value());
        case Json.Null _ -> code.iload(type).loadConstant(Tape.NULL).if_icmpeq(ok);
        case Json.Bool bool ->
            code.iload(type).loadConstant(bool.value() ? Tape.TRUE : Tape.FALSE).if_icmpeq(ok);
        case Json.Num number -> numbers.add(number.value());
        case Json.Arr _, Json.Obj _ -> {
          Emit.value(code);
          compiler.constant(code, value, Json.class);
          code.invokestatic(
                  Owners.VALUES,
                  "equal",
                  Owners.shape(ConstantDescs.CD_boolean, Owners.desc(Json.class)))
              .ifne(ok);
        }
      }
    }
    if (!numbers.isEmpty()) {
      areNumbers(numbers, ok);
    }
    if (!texts.isEmpty()) {
      code.iload(type).loadConstant(Tape.STR).if_icmpne(fail);
      String find = new KeyMethod(compiler, texts.stream().distinct().toList()).generate();
      Emit.value(code).invokestatic(Compiler.SELF, find, KeyMethod.SHAPE).iflt(fail);
    } else {
      code.iconst_0().ifeq(fail);
    }
    code.labelBinding(ok);
  }

  /** Goes on at the label if the value is one of these numbers. */
  private void areNumbers(List<BigDecimal> numbers, Label ok) {
    Label numeric = code.newLabel();
    Label other = code.newLabel();
    code.iload(type).loadConstant(Tape.INT).if_icmpeq(numeric);
    code.iload(type).loadConstant(Tape.NUM).if_icmpne(other).labelBinding(numeric);
    if (numbers.size() <= FEW_NUMBERS) {
      for (BigDecimal number : numbers) {
        compare(number);
        code.ifeq(ok);
      }
    } else {
      Emit.value(code);
      BigDecimal[] sorted = numbers.stream().sorted().toArray(BigDecimal[]::new);
      compiler.constant(code, sorted, BigDecimal[].class);
      code.invokestatic(
              Owners.DECIMALS,
              "isOneOf",
              Owners.shape(ConstantDescs.CD_boolean, Owners.desc(BigDecimal[].class)))
          .ifne(ok);
    }
    code.labelBinding(other);
  }

  private void number(Keyword keyword) {
    switch (keyword) {
      case Keyword.Minimum(BigDecimal limit, boolean exclusive) -> {
        compare(limit);
        if (exclusive) {
          code.ifle(fail);
        } else {
          code.iflt(fail);
        }
      }
      case Keyword.Maximum(BigDecimal limit, boolean exclusive) -> {
        compare(limit);
        if (exclusive) {
          code.ifge(fail);
        } else {
          code.ifgt(fail);
        }
      }
      case Keyword.MultipleOf(BigDecimal divisor) -> {
        Emit.value(code);
        compiler.constant(code, divisor, BigDecimal.class);
        ask(Owners.DECIMALS, "isMultiple", Owners.desc(BigDecimal.class));
      }
      default -> throw new IllegalArgumentException(keyword.keyword() + " is not about numbers");
    }
  }

  /** Pushes how the number compares with the limit. */
  private void compare(BigDecimal limit) {
    BigDecimal plain =
        limit.scale() < 0 && limit.scale() > -LONG_DIGITS ? limit.setScale(0) : limit;
    Emit.value(code);
    if (plain.precision() <= LONG_DIGITS && plain.scale() >= 0 && plain.scale() <= LONG_DIGITS) {
      code.loadConstant(plain.unscaledValue().longValueExact())
          .loadConstant(plain.scale())
          .invokestatic(
              Owners.DECIMALS,
              "compare",
              Owners.shape(ConstantDescs.CD_int, ConstantDescs.CD_long, ConstantDescs.CD_int));
    } else {
      compiler.constant(code, limit, BigDecimal.class);
      code.invokestatic(
          Owners.DECIMALS,
          "compare",
          Owners.shape(ConstantDescs.CD_int, Owners.desc(BigDecimal.class)));
    }
  }

  private void text(Keyword keyword) {
    Emit.value(code);
    switch (keyword) {
      case Keyword.AtLeast least -> {
        length();
        code.loadConstant(least.limit()).if_icmplt(fail);
      }
      case Keyword.AtMost most -> {
        length();
        code.loadConstant(most.limit()).if_icmpgt(fail);
      }
      case Keyword.Pattern pattern -> {
        matches(compiler, code, pattern.regex());
        code.ifeq(fail);
      }
      case Keyword.FormatOf format -> {
        compiler.constant(code, format.format(), Format.class);
        ask(Owners.VALUES, "hasFormat", Owners.desc(Format.class));
      }
      default -> throw new IllegalArgumentException(keyword.keyword() + " is not about strings");
    }
  }

  private void length() {
    code.invokestatic(Owners.TEXT, "length", Owners.shape(ConstantDescs.CD_int));
  }

  private void ask(ClassDesc owner, String name, ClassDesc more) {
    code.invokestatic(owner, name, Owners.shape(ConstantDescs.CD_boolean, more)).ifeq(fail);
  }

  /** Pushes whether the string whose place is on the stack matches. */
  static void matches(Compiler compiler, CodeBuilder code, Regex regex) {
    Optional<Dfa> dfa = regex.automaton();
    Class<?> type = dfa.isPresent() ? Dfa.class : Regex.class;
    compiler.constant(code, dfa.isPresent() ? dfa.get() : regex, type);
    code.invokestatic(
        Owners.VALUES, "matches", Owners.shape(ConstantDescs.CD_boolean, Owners.desc(type)));
  }
}
