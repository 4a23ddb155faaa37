package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;

/** Copies ports, addresses and network namespace of the socket in R6 to the event in R7. */
final class SocketFields {
  private static final int INET6 = 10;

  private SocketFields() {}

  static void describe(Assembler code, KernelLayout kernel) {
    KernelLayout.Socket socket = kernel.socket();
    code.load(U16, R1, R6, socket.localPort())
        .store(U16, R7, EventLayout.LOCAL_PORT, R1)
        .load(U16, R1, R6, socket.remotePort())
        .networkOrder16(R1)
        .store(U16, R7, EventLayout.REMOTE_PORT, R1);
    socket
        .network()
        .ifPresent(network ->
            code.load(U64, R1, R6, network)
                .load(U32, R1, R1, socket.networkNumber())
                .store(U64, R7, EventLayout.NETWORK, R1));
    code.load(U16, R1, R6, socket.family()).store(U16, R7, EventLayout.FAMILY, R1);
    if (socket.local6().isPresent() && socket.remote6().isPresent()) {
      code.jumpIf(R1, NOT_EQUAL, INET6, "four");
      copy6(code, socket.local6().getAsInt(), EventLayout.LOCAL_ADDRESS);
      copy6(code, socket.remote6().getAsInt(), EventLayout.REMOTE_ADDRESS);
      code.jump("addressed").label("four");
    }
    code.load(U32, R1, R6, socket.local4())
        .store(U64, R7, EventLayout.LOCAL_ADDRESS, R1)
        .load(U32, R1, R6, socket.remote4())
        .store(U64, R7, EventLayout.REMOTE_ADDRESS, R1)
        .label("addressed");
  }

  private static void copy6(Assembler code, int from, int to) {
    for (int word = 0; word < 16; word += 4) {
      code.load(U32, R1, R6, from + word).store(U32, R7, to + word, R1);
    }
  }
}
