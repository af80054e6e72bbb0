package io.mvq.train;

import io.mvq.tensor.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;

/**
 * A safetensors file that stands alone, with the SHA-256 of its tensors and texts among the texts:
 * whole or not there, and known to be whole when read.
 */
public final class SealedTensors {
  /** The text that holds the digest; a file of an older mvq has none. */
  public static final String SEAL = "sha256";

  private static final int CHUNK = 1 << 20;

  private SealedTensors() {}

  /** Writes at once over what is there. */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> texts)
      throws IOException {
    Map<String, String> sealed = new TreeMap<>(texts);
    sealed.put(SEAL, digest(tensors, texts));
    new Safetensors(new TreeMap<>(tensors), sealed).write(file);
  }

  /**
   * Reads a file, with its seal or without one.
   *
   * @throws IOException if what it holds is not what was sealed
   */
  public static Safetensors read(Path file) throws IOException {
    Safetensors read = Safetensors.read(file);
    String sealed = read.metadata().get(SEAL);
    Map<String, String> texts = new TreeMap<>(read.metadata());
    texts.remove(SEAL);
    if (sealed != null && !sealed.equals(digest(read.tensors(), texts))) {
      throw new IOException(
          file + " is damaged: its tensors do not have the SHA-256 that is written in it");
    }
    return read;
  }

  /** Of names, types, shapes and bytes, in the order of names. */
  private static String digest(Map<String, Tensor> tensors, Map<String, String> texts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(texts).forEach((name, text) -> add(sha, "text", name, text));
      for (var named : new TreeMap<>(tensors).entrySet()) {
        Tensor tensor = named.getValue();
        String kind = tensor.scalar_type().intern() + " " + Shapes.text(Shapes.of(tensor));
        add(sha, "tensor", named.getKey(), kind);
        addBytes(sha, tensor);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Each with its length before it, so that no two lists of texts have the same bytes. */
  private static void add(MessageDigest sha, String... texts) {
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      sha.update(bytes);
    }
  }

  private static void addBytes(MessageDigest sha, Tensor tensor) {
    try (Tensor dense = tensor.detach().cpu().contiguous()) {
      long size = dense.nbytes();
      byte[] chunk = new byte[(int) Math.min(size, CHUNK)];
      for (long done = 0; done < size; done += chunk.length) {
        int some = (int) Math.min(size - done, chunk.length);
        try (BytePointer at = new BytePointer(dense.data_ptr())) {
          at.position(done).get(chunk, 0, some);
        }
        sha.update(chunk, 0, some);
      }
    }
  }
}
