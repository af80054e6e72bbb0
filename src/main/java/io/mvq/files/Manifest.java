package io.mvq.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 of a folder's files in a file beside them, in the format that {@code sha256sum -c} reads.
 *
 * @param digests lower-case hexadecimal, by file name
 */
public record Manifest(Map<String, String> digests) {
  /** The file in each folder. */
  public static final String FILE = "SHA256SUMS";

  private static final int CHUNK = 1 << 20;

  /** What became of a file since its folder was written. */
  public enum State {
    WHOLE,
    CHANGED,
    MISSING,
    UNLISTED
  }

  public Manifest {
    digests = Map.copyOf(digests);
  }

  /** Lists every file of {@code folder}, which is complete, and forces the list to disk. */
  public static void seal(Path folder) throws IOException {
    seal(folder, Disk.REAL);
  }

  /** The same by other system calls. */
  public static void seal(Path folder, Disk disk) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names(folder).keySet()) {
      text.append(sha256(folder.resolve(name))).append("  ").append(name).append('\n');
    }
    OutputFile.write(folder.resolve(FILE), text.toString(), disk);
  }

  /** Reads a folder's list. */
  public static Manifest read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    Map<String, String> digests = new TreeMap<>();
    if (!Files.exists(file)) {
      throw new IOException(folder + " has no " + FILE + ", by which its files are checked");
    }
    for (String line : TextFile.read(file).lines().toList()) {
      if (!line.matches("[0-9a-f]{64} [ *][^/]+")) {
        throw new IOException(file + " is damaged: it has the line " + shown(line));
      }
      digests.put(line.substring(66), line.substring(0, 64));
    }
    return new Manifest(digests);
  }

  private static String shown(String line) {
    String some = line.length() > 100 ? line.substring(0, 100) + "..." : line;
    return some.replaceAll("\\p{Cntrl}", "?");
  }

  /** Throws unless a file is listed and has the bytes that were listed. */
  public void require(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!digests.containsKey(name)) {
      throw new IOException(file + " is not listed in " + FILE + " beside it");
    }
    String now = sha256(file);
    if (!now.equals(digests.get(name))) {
      throw new IOException(
          String.format(
              "%s is damaged: its SHA-256 is %s..., %s lists %s...",
              file, now.substring(0, 12), FILE, digests.get(name).substring(0, 12)));
    }
  }

  /** What became of each file that is listed or there, by name. */
  public Map<String, State> verify(Path folder) throws IOException {
    Map<String, State> states = names(folder);
    for (var listed : digests.entrySet()) {
      Path file = folder.resolve(listed.getKey());
      boolean whole = Files.isRegularFile(file) && sha256(file).equals(listed.getValue());
      State found = Files.exists(file) ? State.CHANGED : State.MISSING;
      states.put(listed.getKey(), whole ? State.WHOLE : found);
    }
    return states;
  }

  private static Map<String, State> names(Path folder) throws IOException {
    Map<String, State> names = new TreeMap<>();
    try (var files = Files.list(folder)) {
      files
          .filter(file -> Files.isRegularFile(file) && !file.endsWith(FILE))
          .forEach(file -> names.put(file.getFileName().toString(), State.UNLISTED));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return names;
  }

  /** A file's SHA-256 in lower-case hexadecimal. */
  public static String sha256(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, where a file is wanted");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (channel.read(chunk) >= 0) {
        digest.update(chunk.flip());
        chunk.clear();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
