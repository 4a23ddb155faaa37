package dev.troth.slo.math;

import java.util.List;

/**
 * A function with the lists of arguments that it takes.
 *
 * @param useInAlarms whether an alarm may use it at all
 * @param metricsOnly its argument has to be a metric, not an expression
 */
record Function(String name, List<Signature> signatures, boolean useInAlarms, boolean metricsOnly) {
  Function {
    signatures = List.copyOf(signatures);
  }

  /**
   * One list of arguments and what comes of it.
   *
   * @param needed how many of the parameters must be given
   * @param repeats the last parameter may be given any number of times
   * @param sameInAlarms an alarm asks for more data points than it evaluates; whether the result
   *     does not depend on that
   */
  record Signature(
      List<Parameter> parameters, int needed, boolean repeats, Type result, boolean sameInAlarms) {
    Signature {
      parameters = List.copyOf(parameters);
    }

    boolean takes(int arguments) {
      return arguments >= needed && (repeats || arguments <= parameters.size());
    }

    Parameter parameter(int index) {
      return parameters.get(Math.min(index, parameters.size() - 1));
    }
  }

  /** What may stand in one place: types, or words such as {@code REPEAT}. */
  record Parameter(List<Type> types, List<String> words) {
    Parameter {
      types = List.copyOf(types);
      words = List.copyOf(words);
    }

    String expected() {
      List<String> all = new java.util.ArrayList<>();
      types.forEach(type -> all.add(type.words()));
      all.addAll(words);
      return String.join(" or ", all);
    }
  }
}
