package dev.troth.gate.build;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/**
 * Writes an image of one file as an OCI archive (image-spec 1.1, image layout in a tar) that {@code
 * skopeo}, {@code podman load} and {@code docker load} read. Every date in it is 0.
 */
final class OciImage {
  private static final int TAR_BLOCK = 512;
  private static final int NOBODY = 65_534;

  private OciImage() {}

  static void write(Path file, byte[] program, String architecture, String version)
      throws IOException {
    Tar layerTar = new Tar();
    layerTar.file("troth-gate", program, 0755);
    byte[] layer = layerTar.toBytes();
    byte[] packed = gzip(layer);
    byte[] config =
        ("{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{\"User\":\"%d:%d\","
                + "\"Env\":[\"HOST=0.0.0.0\",\"PORT=3000\"],\"Entrypoint\":[\"/troth-gate\"],"
                + "\"ExposedPorts\":{\"3000/tcp\":{}},\"Labels\":{"
                + "\"org.opencontainers.image.title\":\"troth-gate\","
                + "\"org.opencontainers.image.version\":\"%s\"}},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}")
            .formatted(architecture, NOBODY, NOBODY, version, Digest.of(layer))
            .getBytes(UTF_8);
    byte[] manifest =
        ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":%s,\"layers\":[%s]}")
            .formatted(
                descriptor("application/vnd.oci.image.config.v1+json", config, ""),
                descriptor("application/vnd.oci.image.layer.v1.tar+gzip", packed, ""))
            .getBytes(UTF_8);
    String platform =
        ",\"platform\":{\"architecture\":\"%s\",\"os\":\"linux\"},".formatted(architecture)
            + "\"annotations\":{\"org.opencontainers.image.ref.name\":\"%s\"}".formatted(version);
    byte[] index =
        ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                + "\"manifests\":[%s]}")
            .formatted(descriptor("application/vnd.oci.image.manifest.v1+json", manifest, platform))
            .getBytes(UTF_8);
    Tar archive = new Tar();
    archive.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8), 0644);
    archive.file("index.json", index, 0644);
    for (byte[] blob : new byte[][] {manifest, config, packed}) {
      archive.file("blobs/sha256/" + Digest.of(blob), blob, 0644);
    }
    Files.write(file, archive.toBytes());
  }

  private static String descriptor(String type, byte[] blob, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}"
        .formatted(type, Digest.of(blob), blob.length, more);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** A tar of plain files (POSIX.1-1988 ustar), owned by root, dated 0. */
  private static final class Tar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void file(String name, byte[] content, int mode) {
      byte[] header = new byte[TAR_BLOCK];
      put(header, 0, name);
      put(header, 100, "%07o".formatted(mode));
      put(header, 108, "0000000");
      put(header, 116, "0000000");
      put(header, 124, "%011o".formatted(content.length));
      put(header, 136, "00000000000");
      Arrays.fill(header, 148, 156, (byte) ' ');
      header[156] = '0';
      put(header, 257, "ustar");
      put(header, 263, "00");
      int sum = 0;
      for (byte b : header) {
        sum += b & 0xFF;
      }
      put(header, 148, "%06o\0 ".formatted(sum));
      out.writeBytes(header);
      out.writeBytes(content);
      out.writeBytes(new byte[(TAR_BLOCK - content.length % TAR_BLOCK) % TAR_BLOCK]);
    }

    byte[] toBytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(out.toByteArray());
      all.writeBytes(new byte[2 * TAR_BLOCK]);
      return all.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
      byte[] bytes = text.getBytes(US_ASCII);
      System.arraycopy(bytes, 0, header, at, bytes.length);
    }
  }
}
