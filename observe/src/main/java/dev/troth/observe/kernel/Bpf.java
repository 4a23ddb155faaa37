package dev.troth.observe.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.bpf.Register;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The commands of {@code bpf(2)}. Everything created here is held by a file descriptor of this
 * process alone, nothing is pinned: when the process ends, however it ends, the kernel takes all of
 * it away. Not thread-safe.
 */
public final class Bpf {
  private static final int MAP_CREATE = 0;
  private static final int MAP_LOOKUP = 1;
  private static final int MAP_UPDATE = 2;
  private static final int MAP_DELETE = 3;
  private static final int MAP_NEXT_KEY = 4;
  private static final int PROG_LOAD = 5;
  private static final int PROG_ATTACH = 8;
  private static final int OBJ_GET_INFO_BY_FD = 15;
  private static final int RAW_TRACEPOINT_OPEN = 17;
  private static final int BTF_LOAD = 18;
  private static final int LINK_CREATE = 28;

  private static final int PROGRAM_KPROBE = 2;
  private static final int PROGRAM_SOCK_OPS = 13;
  private static final int PROGRAM_SK_MSG = 16;
  private static final int PROGRAM_RAW_TRACEPOINT = 17;
  private static final int PROGRAM_TRACING = 26;
  private static final int ATTACH_RAW_TRACEPOINT = 23;
  private static final int AT_CWD = -100;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int ATTRIBUTE_BYTES = 152;
  private static final int LOG_BYTES = 1 << 18;
  private static final int LOG_SHOWN = 600;

  /** The licence that the helpers which read memory ask for. */
  private static final String LICENCE = "Dual BSD/GPL";

  private final SystemCalls calls = new SystemCalls();
  private final Architecture architecture;

  public Bpf(Architecture architecture) {
    this.architecture = architecture;
  }

  public Architecture architecture() {
    return architecture;
  }

  SystemCalls calls() {
    return calls;
  }

  /** Creates a map. */
  public BpfMap create(MapSpec spec) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena);
      attributes.set(JAVA_INT, 0, spec.type().code);
      attributes.set(JAVA_INT, 4, spec.keyBytes());
      attributes.set(JAVA_INT, 8, spec.valueBytes());
      attributes.set(JAVA_INT, 12, spec.entries());
      attributes.set(JAVA_INT, 16, spec.type().flags);
      putName(attributes, 28, spec.name());
      Descriptor types = null;
      if (spec.type() == MapSpec.Type.SOCKET_STORAGE) {
        types = loadTypes(arena, SocketStorageTypes.of(spec.valueBytes()));
        attributes.set(JAVA_INT, 48, types.number());
        attributes.set(JAVA_INT, 52, SocketStorageTypes.KEY);
        attributes.set(JAVA_INT, 56, SocketStorageTypes.VALUE);
      }
      long result = bpf(MAP_CREATE, attributes);
      if (types != null) {
        types.close();
      }
      return new BpfMap(this, spec, descriptor(result, "create map " + spec.name()));
    }
  }

  private Descriptor loadTypes(Arena arena, byte[] btf) {
    MemorySegment attributes = attributes(arena);
    attributes.set(JAVA_LONG, 0, copy(arena, btf).address());
    attributes.set(JAVA_INT, 16, btf.length);
    return descriptor(bpf(BTF_LOAD, attributes), "load the types of a map");
  }

  /**
   * Loads a program for a BTF tracepoint, whose typedef {@code btf_trace_NAME} has this number.
   * When the kernel refuses, the exception carries the last lines of the verifier's log.
   */
  public Descriptor load(Program program, int tracepointType, Map<String, BpfMap> maps) {
    return load(program, new Place(Attachment.RAW_TRACEPOINT, tracepointType), maps);
  }

  /** Loads a program for a raw tracepoint, which has no types. */
  public Descriptor loadRaw(Program program, Map<String, BpfMap> maps) {
    return load(program, Place.RAW, maps);
  }

  private Descriptor load(Program program, Place place, Map<String, BpfMap> maps) {
    byte[] code = program.link(name -> required(maps, name).descriptor());
    long result = load(program, place, code, MemorySegment.NULL);
    if (result >= 0) {
      return new Descriptor(this, (int) result);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment log = arena.allocate(LOG_BYTES);
      long again = load(program, place, code, log);
      if (again >= 0) {
        return new Descriptor(this, (int) again);
      }
      String text = log.getString(0).strip();
      throw new KernelException(
          "load program " + program.name(),
          (int) -again,
          text.substring(Math.max(0, text.length() - LOG_SHOWN)));
    }
  }

  /** Where a tracing program can be attached, with the number of the attach type. */
  public enum Attachment {
    RAW_TRACEPOINT(ATTACH_RAW_TRACEPOINT),
    FENTRY(24),
    FEXIT(25),
    /** Functions of programs, several at once. */
    UPROBE(48),
    /** What happens to the connections of a control group. */
    CONNECTIONS(3),
    /** What the sockets of a map send, before it is sent. */
    MESSAGES(7);

    private final int code;

    Attachment(int code) {
      this.code = code;
    }
  }

  /**
   * What a program is loaded for.
   *
   * @param type the number of the BTF type that tells its arguments, 0 for a program without types
   */
  private record Place(Attachment attachment, int type) {
    static final Place RAW = new Place(Attachment.RAW_TRACEPOINT, 0);
    static final Place UPROBE = new Place(Attachment.UPROBE, 0);

    int programType() {
      return switch (attachment) {
        case UPROBE -> PROGRAM_KPROBE;
        case CONNECTIONS -> PROGRAM_SOCK_OPS;
        case MESSAGES -> PROGRAM_SK_MSG;
        case RAW_TRACEPOINT, FENTRY, FEXIT -> type == 0 ? PROGRAM_RAW_TRACEPOINT : PROGRAM_TRACING;
      };
    }
  }

  /** Why the kernel refuses a program that does nothing at this place, or empty if it does not. */
  public Optional<String> refusal(int type, Attachment attachment) {
    return refusal(new Place(attachment, type));
  }

  /** As {@link #refusal(int, Attachment)} for a raw tracepoint. */
  public Optional<String> rawRefusal() {
    return refusal(Place.RAW);
  }

  private Optional<String> refusal(Place place) {
    Program nothing = new Assembler("troth_trial").move(Register.R0, 0).exit().assemble();
    long result = load(nothing, place, nothing.link(name -> 0), MemorySegment.NULL);
    if (result < 0) {
      return Optional.of(Errno.name((int) -result));
    }
    close((int) result);
    return Optional.empty();
  }

  private long load(Program program, Place place, byte[] code, MemorySegment log) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena);
      attributes.set(JAVA_INT, 0, place.programType());
      attributes.set(JAVA_INT, 4, program.instructions().size());
      attributes.set(JAVA_LONG, 8, copy(arena, code).address());
      attributes.set(JAVA_LONG, 16, arena.allocateFrom(LICENCE).address());
      if (log.byteSize() > 0) {
        attributes.set(JAVA_INT, 24, 1);
        attributes.set(JAVA_INT, 28, (int) log.byteSize());
        attributes.set(JAVA_LONG, 32, log.address());
      }
      putName(attributes, 48, program.name());
      if (place.type != 0 || place.attachment == Attachment.UPROBE) {
        attributes.set(JAVA_INT, 68, place.attachment.code);
        attributes.set(JAVA_INT, 108, place.type);
      }
      return bpf(PROG_LOAD, attributes);
    }
  }

  private static BpfMap required(Map<String, BpfMap> maps, String name) {
    BpfMap map = maps.get(name);
    if (map == null) {
      throw new IllegalArgumentException("no map '" + name + "' among " + maps.keySet());
    }
    return map;
  }

  /** Attaches a loaded program to its tracepoint; closing the result detaches it. */
  public Descriptor attach(Descriptor program) {
    try (Arena arena = Arena.ofConfined()) {
      return attach(program, MemorySegment.NULL, attributes(arena));
    }
  }

  /** Attaches a program without types to a tracepoint of this name. */
  public Descriptor attachRaw(Descriptor program, String tracepoint) {
    try (Arena arena = Arena.ofConfined()) {
      return attach(program, arena.allocateFrom(tracepoint), attributes(arena));
    }
  }

  private Descriptor attach(Descriptor program, MemorySegment name, MemorySegment attributes) {
    attributes.set(JAVA_LONG, 0, name.address());
    attributes.set(JAVA_INT, 8, program.number());
    return descriptor(bpf(RAW_TRACEPOINT_OPEN, attributes), "attach to a tracepoint");
  }

  /** Loads a program for functions of programs. */
  public Descriptor loadUprobe(Program program, Map<String, BpfMap> maps) {
    return load(program, Place.UPROBE, maps);
  }

  /** Loads a program for a place that has no types: connections or messages. */
  public Descriptor load(Program program, Attachment attachment, Map<String, BpfMap> maps) {
    return load(program, new Place(attachment, 0), maps);
  }

  /** Attaches a program to the connections of all processes of a control group of version 2. */
  public Descriptor attachToGroup(Descriptor program, Path group) {
    try (Arena arena = Arena.ofConfined();
        Descriptor folder = open(arena, group)) {
      MemorySegment attributes = attributes(arena);
      attributes.set(JAVA_INT, 0, program.number());
      attributes.set(JAVA_INT, 4, folder.number());
      attributes.set(JAVA_INT, 8, Attachment.CONNECTIONS.code);
      return descriptor(bpf(LINK_CREATE, attributes), "attach to the control group " + group);
    }
  }

  /** Lets a program see what the sockets of a map send; it is attached as long as the map lives. */
  public void attachToSockets(Descriptor program, BpfMap sockets) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena);
      attributes.set(JAVA_INT, 0, sockets.descriptor());
      attributes.set(JAVA_INT, 4, program.number());
      attributes.set(JAVA_INT, 8, Attachment.MESSAGES.code);
      long result = bpf(PROG_ATTACH, attributes);
      if (result < 0) {
        throw new KernelException("attach to the sockets of a map", (int) -result);
      }
    }
  }

  private Descriptor open(Arena arena, Path folder) {
    MemorySegment name = arena.allocateFrom(folder.toString());
    long result =
        calls.call(architecture.calls().openat(), AT_CWD, name.address(), CLOSE_ON_EXEC, 0, 0, 0);
    return descriptor(result, "open " + folder);
  }

  /**
   * Attaches a program to functions of one process; closing the result detaches it. Unlike {@code
   * perf_event_open} this needs no more than BPF and PERFMON.
   *
   * @param file the executable or library that has the functions
   * @param places where they lie in the file
   * @param onReturn whether the program runs when a function returns
   */
  public Descriptor attachUprobe(
      Descriptor program, String file, List<Long> places, int process, boolean onReturn) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena);
      MemorySegment offsets = arena.allocate(JAVA_LONG, places.size());
      for (int i = 0; i < places.size(); i++) {
        offsets.setAtIndex(JAVA_LONG, i, places.get(i));
      }
      attributes.set(JAVA_INT, 0, program.number());
      attributes.set(JAVA_INT, 8, Attachment.UPROBE.code);
      attributes.set(JAVA_LONG, 16, arena.allocateFrom(file).address());
      attributes.set(JAVA_LONG, 24, offsets.address());
      attributes.set(JAVA_INT, 48, places.size());
      attributes.set(JAVA_INT, 52, onReturn ? 1 : 0);
      attributes.set(JAVA_INT, 56, process);
      return descriptor(bpf(LINK_CREATE, attributes), "attach to a function of " + file);
    }
  }

  /** Why the kernel refuses to attach to a function of this process, or empty if it does not. */
  public Optional<String> uprobeRefusal(String file, long offset, int process) {
    Program nothing = new Assembler("troth_trial").move(Register.R0, 0).exit().assemble();
    try (Descriptor program = loadUprobe(nothing, Map.of());
        Descriptor link = attachUprobe(program, file, List.of(offset), process, false)) {
      return link.number() < 0 ? Optional.of("no link") : Optional.empty();
    } catch (KernelException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  /** How often a program was passed over because it was already running on that processor. */
  public long recursionMisses(Descriptor program) {
    try (Arena arena = Arena.ofConfined()) {
      return info(arena, program).get(JAVA_LONG, 208);
    }
  }

  /** How many instructions the verifier had to follow before it accepted a program. */
  public int verifiedInstructions(Descriptor program) {
    try (Arena arena = Arena.ofConfined()) {
      return info(arena, program).get(JAVA_INT, 216);
    }
  }

  MemorySegment info(Arena arena, Descriptor program) {
    MemorySegment info = arena.allocate(256, 8);
    MemorySegment attributes = attributes(arena);
    attributes.set(JAVA_INT, 0, program.number());
    attributes.set(JAVA_INT, 4, (int) info.byteSize());
    attributes.set(JAVA_LONG, 8, info.address());
    long result = bpf(OBJ_GET_INFO_BY_FD, attributes);
    if (result < 0) {
      throw new KernelException("describe a program", (int) -result);
    }
    return info;
  }

  long mapCommand(MapCommand command, int map, MemorySegment key, MemorySegment value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena);
      attributes.set(JAVA_INT, 0, map);
      attributes.set(JAVA_LONG, 8, key.address());
      attributes.set(JAVA_LONG, 16, value.address());
      return bpf(
          switch (command) {
            case LOOKUP -> MAP_LOOKUP;
            case UPDATE -> MAP_UPDATE;
            case DELETE -> MAP_DELETE;
            case NEXT_KEY -> MAP_NEXT_KEY;
          },
          attributes);
    }
  }

  enum MapCommand {
    LOOKUP,
    UPDATE,
    DELETE,
    NEXT_KEY
  }

  void close(int descriptor) {
    calls.call(architecture.calls().close(), descriptor, 0, 0, 0, 0, 0);
  }

  long bpf(int command, MemorySegment attributes) {
    return calls.call(
        architecture.calls().bpf(), command, attributes.address(), attributes.byteSize(), 0, 0, 0);
  }

  private Descriptor descriptor(long result, String asked) {
    if (result < 0) {
      throw new KernelException(asked, (int) -result);
    }
    return new Descriptor(this, (int) result);
  }

  static MemorySegment attributes(Arena arena) {
    return arena.allocate(ATTRIBUTE_BYTES, 8);
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    return arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static void putName(MemorySegment attributes, int offset, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(
        MemorySegment.ofArray(bytes), 0, attributes, offset, Math.min(bytes.length, 15));
  }
}
