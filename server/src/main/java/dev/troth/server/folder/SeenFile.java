package dev.troth.server.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file at one moment.
 *
 * @param path below the folder, with slashes
 * @param base the folder that may be read, in which it is
 * @param real with links resolved
 * @param print size, times and identity: another one may have other contents
 */
public record SeenFile(String path, Path base, Path real, long size, String print) {

  /** As it is now. */
  static SeenFile of(String path, Path base, Path real) throws IOException {
    Map<String, Object> now =
        Files.readAttributes(
            real,
            real.getFileSystem().supportedFileAttributeViews().contains("unix")
                // The time of the inode's change, which no program can set back.
                ? "unix:size,lastModifiedTime,ctime,ino"
                : "size,lastModifiedTime,fileKey",
            LinkOption.NOFOLLOW_LINKS);
    String print =
        "%s %s %s %s"
            .formatted(
                now.get("size"),
                now.get("lastModifiedTime"),
                now.getOrDefault("ctime", ""),
                now.getOrDefault("ino", now.getOrDefault("fileKey", "")));
    return new SeenFile(path, base, real, now.get("size") instanceof Long size ? size : 0, print);
  }
}
