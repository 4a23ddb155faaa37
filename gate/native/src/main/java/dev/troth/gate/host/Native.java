package dev.troth.gate.host;

import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.c.Include;

/**
 * The functions of {@code host.c}, {@code limbs.c} and {@code sandbox.c}. Negative answers are
 * negated errno.
 */
final class Native {
  static final int AGAIN = -11;
  static final int OUT_OF_FILES = -24;
  static final int INVALID = -22;

  private Native() {}

  @Include("host.h")
  @Import(name = "gate_prepare")
  static native int prepare();

  @Include("host.h")
  @Import(name = "gate_stopping")
  static native int stopping();

  @Include("host.h")
  @Import(name = "gate_listen")
  static native int listen(Address host, int port);

  @Include("host.h")
  @Import(name = "gate_port")
  static native int port(int socket);

  @Include("host.h")
  @Import(name = "gate_accept")
  static native int accept(int socket);

  @Include("host.h")
  @Import(name = "gate_receive")
  static native int receive(int socket, Address to, int capacity);

  @Include("host.h")
  @Import(name = "gate_send")
  static native int send(int socket, Address from, int length);

  @Include("host.h")
  @Import(name = "gate_close")
  static native void close(int socket);

  @Include("host.h")
  @Import(name = "gate_watch")
  static native int watch(int socket, int interest);

  @Include("host.h")
  @Import(name = "gate_rewatch")
  static native int rewatch(int socket, int interest);

  @Include("host.h")
  @Import(name = "gate_wait")
  static native int await(int millis);

  @Include("host.h")
  @Import(name = "gate_event_socket")
  static native int eventSocket(int index);

  @Include("host.h")
  @Import(name = "gate_event_kinds")
  static native int eventKinds(int index);

  @Include("host.h")
  @Import(name = "gate_read_file")
  static native int readFile(Address path, Address to, int capacity);

  @Include("host.h")
  @Import(name = "gate_environment")
  static native int environment(Address name, Address to, int capacity);

  @Include("host.h")
  @Import(name = "gate_environment_name")
  static native int environmentName(int index, Address to, int capacity);

  /** Calls a function; 1 if it ended in an exception or for want of memory, else 0. */
  @Include("host.h")
  @Import(name = "gate_guard")
  static native int guard(Guarded.Call call);

  @Include("host.h")
  @Import(name = "gate_write")
  static native void write(int file, Address from, int length);

  @Include("host.h")
  @Import(name = "gate_exit")
  static native void exit(int status);

  /** Who verifies the signatures that are no HMACs: a function of {@link LimbKeys}. */
  @Include("sandbox.h")
  @Import(name = "gate_sandbox_arithmetic")
  static native void arithmetic(LimbKeys.VerifyFunction verify);

  @Include("limbs.h")
  @Import(name = "gate_limbs_multiply")
  static native void multiply(
      Address out, Address a, Address b, Address modulus, long negatedInverse, int limbs);

  @Include("limbs.h")
  @Import(name = "gate_limbs_add")
  static native void add(Address out, Address a, Address b, Address modulus, int limbs);

  @Include("limbs.h")
  @Import(name = "gate_limbs_subtract")
  static native void subtract(Address out, Address a, Address b, Address modulus, int limbs);

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_configure")
  static native int configure(Address settings, int length);

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_release")
  static native void release();

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_max_token_bytes")
  static native int maxTokenBytes();

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_check")
  static native int check(Address token, int length, long nowMillis);

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_payload")
  static native int payload(Address to, int capacity);

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_reset")
  static native void reset();

  @Include("sandbox.h")
  @Import(name = "gate_sandbox_idle")
  static native void idle();

  @Include("sandbox.h")
  @Import(name = "gate_nanos")
  static native long nanos();

  @Include("sandbox.h")
  @Import(name = "gate_millis")
  static native long millis();
}
