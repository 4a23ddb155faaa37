package dev.troth.observe.log;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Architecture.CallRegisters;

/**
 * What the program at {@code write} reads of one kernel: the registers of a function's arguments,
 * and the way from a task and a descriptor to a file.
 */
record WriteLayout(int descriptor, int buffer, int length, Files files) {
  /**
   * {@code task->files->fdt->fd[n]}; of it {@code ->f_flags} and {@code ->f_inode}, and of a socket
   * {@code ->private_data->sk} and its family.
   */
  record Files(int taskFiles, int table, int descriptors, int flags, Inode inode, Socket socket) {}

  /** The way from a file to its inode, and of that {@code ->i_mode} and {@code ->i_ino}. */
  record Inode(int of, int mode, int number) {}

  /** The way from a file to the family of its socket. */
  record Socket(int privateData, int socket, int family) {}

  static WriteLayout of(Btf btf, Architecture architecture) {
    CallRegisters call = architecture.registers();
    return new WriteLayout(
        btf.offset("pt_regs", call.first()),
        btf.offset("pt_regs", call.second()) + call.stride(),
        btf.offset("pt_regs", call.third()) + 2 * call.stride(),
        new Files(
            btf.offset("task_struct", "files"),
            btf.offset("files_struct", "fdt"),
            btf.offset("fdtable", "fd"),
            btf.offset("file", "f_flags"),
            new Inode(
                btf.offset("file", "f_inode"),
                btf.offset("inode", "i_mode"),
                btf.offset("inode", "i_ino")),
            new Socket(
                btf.offset("file", "private_data"),
                btf.offset("socket", "sk"),
                btf.offset("sock", "__sk_common.skc_family"))));
  }
}
