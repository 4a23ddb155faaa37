package dev.troth.observe.capture;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Register;
import dev.troth.observe.bpf.Width;

/**
 * What the place where the programs are attached gives them: how they come by the socket, and how
 * they may read the kernel's memory. All methods write code and lose R0 to R5; a program that finds
 * nothing to do jumps to {@code out}.
 */
sealed interface HookSite permits SocketSite, SyscallSite {
  /** At the beginning of a socket program, with the context in R1: puts the length into R8. */
  void enter(Assembler code, boolean sending);

  /**
   * Puts the socket into R6 and its TCP part into {@link Slots#TCP}, 0 for UDP; lets no others
   * pass.
   */
  void socket(Assembler code, boolean sending);

  /**
   * Chooses the entry of a call of several datagrams that is looked at: puts its address into
   * {@link Slots#SEGMENT_POINTER}, its length into R8 and 0 into R9.
   */
  void batch(Assembler code, boolean sending);

  /** An event is done with, or was none: goes on with the next one of the same call. */
  void done(Assembler code);

  /** The end of a socket program: what {@link #enter} found to have failed. */
  void failed(Assembler code, boolean sending);

  /** Puts the address of this socket's state, new if there was none, into R0. */
  void state(Assembler code);

  /** Puts what names the socket in R6 into {@link Slots#COOKIE}, with its state at hand. */
  void cookie(Assembler code);

  /** Puts the state of a socket that ends into R0, none if nothing is known of it. */
  void endingState(Assembler code);

  /** Names the ending socket in R6, whose state is in R0, at {@code field} from R7. */
  void endingCookie(Assembler code, int field);

  /** Puts the TCP part of the ending socket in R6 into R8. */
  void endingTcp(Assembler code);

  /** Forgets what is known of the socket in R6, because a new connection begins on it. */
  void forget(Assembler code);

  /** Loads a field of a kernel structure; the base is one of R6 to R9. */
  void load(Assembler code, Width width, Register target, Register base, int offset);

  /** Copies 4, 8 or 16 bytes of a kernel structure to {@code field} from R7. */
  void copy(Assembler code, int bytes, Register base, int offset, int field);

  /** As {@link #copy} of 4 or 8 bytes, from the TCP part. */
  void copyTcp(Assembler code, int bytes, int offset, int field);

  /**
   * Follows pointers in kernel structures: each offset but the last is a pointer's, from where the
   * one before it points to; puts the 32-bit number at the last into R1.
   */
  void follow(Assembler code, Register base, int... offsets);
}
