package dev.troth.observe.bpf;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;

/**
 * A loop whose turns the kernel counts (Linux 6.4), so that its verifier looks at one turn and not
 * at all of them. It lies in eight bytes of the stack, and every way out has to end it. Its methods
 * write code and lose R0 to R5.
 *
 * @param begin the number of the kernel's function {@code bpf_iter_num_new}
 * @param next of {@code bpf_iter_num_next}
 * @param end of {@code bpf_iter_num_destroy}
 */
public record CountedLoop(int begin, int next, int end) {
  /** Begins a loop of so many turns at {@code slot} from the frame pointer. */
  public Assembler begin(Assembler code, int slot, int turns) {
    return at(code, slot).move(R2, 0).move(R3, turns).callKernel(begin);
  }

  /**
   * Goes on with the next turn, the address of whose number is in R0 then; else at {@code over}.
   */
  public Assembler next(Assembler code, int slot, String over) {
    return at(code, slot).callKernel(next).jumpIf(R0, EQUAL, 0, over);
  }

  public Assembler end(Assembler code, int slot) {
    return at(code, slot).callKernel(end);
  }

  private static Assembler at(Assembler code, int slot) {
    return code.move(R1, FP).compute(R1, ADD, slot);
  }
}
