package io.mvq.train;

import io.mvq.files.Disk;
import io.mvq.files.OutputFile;
import io.mvq.tensor.Tensors;
import io.mvq.train.SafetensorsHeader.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A safetensors file: named tensors and text, readable by every tool that knows the format. Layout:
 * a little-endian uint64 header length, a JSON header, then the tensors' bytes without gaps.
 *
 * @param tensors dense CPU tensors by name
 * @param metadata free text by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  /** Bytes moved at once: a ByteBuffer over a tensor cannot exceed 2 GiB. */
  private static final long CHUNK = 1L << 26;

  private static final int WRITTEN = 1 << 20;

  /** Writes at once over what is there, forced to disk. */
  public void write(Path file) throws IOException {
    write(file, Disk.REAL);
  }

  /** The same by other system calls. */
  void write(Path file, Disk disk) throws IOException {
    Map<String, Tensor> dense = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> dense.put(name, tensor.detach().cpu().contiguous()));
    byte[] header = SafetensorsHeader.of(dense, metadata).json();
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    try {
      OutputFile.write(
          file,
          out -> {
            out.write(length.putLong(0, header.length).array());
            out.write(header);
            for (Tensor tensor : dense.values()) {
              writeBytes(tensor, out);
            }
          },
          disk);
    } finally {
      dense.values().forEach(Tensor::close);
    }
  }

  private static void writeBytes(Tensor tensor, OutputStream out) throws IOException {
    long bytes = tensor.nbytes();
    byte[] some = new byte[(int) Math.min(bytes, WRITTEN)];
    try (BytePointer memory = new BytePointer(tensor.data_ptr())) {
      for (long done = 0; done < bytes; done += some.length) {
        int length = (int) Math.min(bytes - done, some.length);
        memory.position(done).get(some, 0, length);
        out.write(some, 0, length);
      }
    }
  }

  /** Reads a whole file; an error names the file and what is wrong with it. */
  public static Safetensors read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, where a file is wanted");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header = readHeader(channel);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Entry entry : header.entries()) {
        Tensor tensor = torch.empty(entry.shape(), Tensors.options(entry.type().scalar), null);
        tensors.put(entry.name(), tensor);
        long bytes = entry.end() - entry.begin();
        for (long done = 0; done < bytes; done += CHUNK) {
          readFully(channel, memory(tensor, done, Math.min(bytes - done, CHUNK)));
        }
      }
      return new Safetensors(tensors, header.metadata());
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (EOFException e) {
      throw new IOException(file + " shrank while it was read", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not a sound safetensors file: " + e.getMessage(), e);
    }
  }

  private static SafetensorsHeader readHeader(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw new IllegalArgumentException("it has " + size + " bytes, the least possible is 10");
    }
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, length);
    long headerBytes = length.getLong(0);
    if (headerBytes < 2 || headerBytes > SafetensorsHeader.MOST_BYTES) {
      throw new IllegalArgumentException(
          "its header claims "
              + Long.toUnsignedString(headerBytes)
              + " bytes, the format allows 2 to "
              + SafetensorsHeader.MOST_BYTES);
    }
    if (headerBytes > size - 8) {
      throw new IllegalArgumentException(
          "it is truncated: the header needs " + headerBytes + " bytes, " + (size - 8) + " follow");
    }
    ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
    readFully(channel, json);
    return SafetensorsHeader.parse(json.array(), size - 8 - headerBytes);
  }

  private static ByteBuffer memory(Tensor tensor, long offset, long bytes) {
    BytePointer all = new BytePointer(tensor.data_ptr()).capacity(tensor.nbytes());
    return all.position(offset).limit(offset + bytes).asByteBuffer();
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException();
      }
    }
  }
}
