package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;

/** Copies ports, addresses and network namespace of the socket in R6 to the event in R7. */
final class SocketFields {
  /** {@code AF_INET6}. */
  static final int INET6 = 10;

  private SocketFields() {}

  static void describe(Assembler code, KernelLayout kernel, HookSite site) {
    KernelLayout.Socket socket = kernel.socket();
    site.load(code, U16, R1, R6, socket.localPort());
    code.store(U16, R7, EventLayout.LOCAL_PORT, R1);
    site.load(code, U16, R1, R6, socket.remotePort());
    code.networkOrder16(R1).store(U16, R7, EventLayout.REMOTE_PORT, R1);
    if (socket.network().isPresent()) {
      site.follow(code, R6, socket.network().getAsInt(), socket.networkNumber());
      code.store(U64, R7, EventLayout.NETWORK, R1);
    }
    site.load(code, U16, R1, R6, socket.family());
    code.store(U16, R7, EventLayout.FAMILY, R1);
    if (socket.local6().isPresent() && socket.remote6().isPresent()) {
      code.jumpIf(R1, NOT_EQUAL, INET6, "four");
      site.copy(code, 16, R6, socket.local6().getAsInt(), EventLayout.LOCAL_ADDRESS);
      site.copy(code, 16, R6, socket.remote6().getAsInt(), EventLayout.REMOTE_ADDRESS);
      code.jump("addressed").label("four");
    }
    // The bytes behind an address of four are zero; the scratch buffer holds those of another.
    code.store(U64, R7, EventLayout.LOCAL_ADDRESS, 0)
        .store(U64, R7, EventLayout.LOCAL_ADDRESS + 8, 0)
        .store(U64, R7, EventLayout.REMOTE_ADDRESS, 0)
        .store(U64, R7, EventLayout.REMOTE_ADDRESS + 8, 0);
    site.copy(code, 4, R6, socket.local4(), EventLayout.LOCAL_ADDRESS);
    site.copy(code, 4, R6, socket.remote4(), EventLayout.REMOTE_ADDRESS);
    code.label("addressed");
  }
}
