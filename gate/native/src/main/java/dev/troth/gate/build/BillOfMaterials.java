package dev.troth.gate.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes what the native binaries are made of (CycloneDX 1.5): their hashes, and every input. */
final class BillOfMaterials {
  private static final List<String> NAMES =
      List.of(
          "gate.wasm",
          "troth-gate-x86_64",
          "troth-gate-aarch64",
          "troth-gate-all-x86_64",
          "troth-gate-all-aarch64");

  private BillOfMaterials() {}

  static void write(Path file, String version, Path outputs, Path lock) throws IOException {
    List<String> components = new ArrayList<>();
    for (String name : NAMES) {
      components.add(
          ("{\"type\":\"file\",\"name\":\"%s\",\"hashes\":[{\"alg\":\"SHA-256\","
                  + "\"content\":\"%s\"}]}")
              .formatted(name, Digest.of(Files.readAllBytes(outputs.resolve(name)))));
    }
    components.add(library("maven/dev.troth/gate@" + version, "Apache-2.0", "required"));
    components.add(library("maven/org.teavm/teavm-classlib@0.15.0", "Apache-2.0", "required"));
    components.add(library("maven/org.teavm/teavm-core@0.15.0", "Apache-2.0", "required"));
    // zig brings musl, of which the static programs contain a part, and clang, of which they do
    // not.
    components.add(library("generic/musl@1.2.4", "MIT", "required"));
    components.add(library("npm/%40ryoppippi/zig-linux-x64@0.11.0", "MIT", "excluded"));
    components.add(library("npm/wabt@1.0.39", "Apache-2.0", "excluded"));
    String document =
        ("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\"metadata\":{"
                + "\"component\":{\"type\":\"application\",\"name\":\"troth-gate\","
                + "\"version\":\"%s\"},\"properties\":[{\"name\":\"toolchain-lock-sha256\","
                + "\"value\":\"%s\"}]},\"components\":[%s]}\n")
            .formatted(version, Digest.of(Files.readAllBytes(lock)), String.join(",", components));
    Files.write(file, document.getBytes(UTF_8));
  }

  private static String library(String purl, String licence, String scope) {
    int name = purl.lastIndexOf('/') + 1;
    int at = purl.lastIndexOf('@');
    return ("{\"type\":\"library\",\"name\":\"%s\",\"version\":\"%s\",\"scope\":\"%s\","
            + "\"licenses\":[{\"license\":{\"id\":\"%s\"}}],\"purl\":\"pkg:%s\"}")
        .formatted(purl.substring(name, at), purl.substring(at + 1), scope, licence, purl);
  }
}
