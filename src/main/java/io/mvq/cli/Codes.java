package io.mvq.cli;

import io.mvq.data.format.NpyArray;
import io.mvq.data.format.Npz;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import io.mvq.train.Safetensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Encoded images in a file, .npz or .safetensors: {@code tokens} int64 (n, t) and, with masks,
 * {@code masks} uint8 (n, winners, c) of zeros and ones.
 */
record Codes(Tensor tokens, Tensor masks) {
  private static final String TOKENS = "tokens";
  private static final String MASKS = "masks";

  /** Of a model's encodings. @param winners masks an image; unused without masks */
  static Codes of(Encoding encoding, long winners) {
    MaskBits masks = encoding.masks();
    return new Codes(
        encoding.tokens(),
        masks == null
            ? null
            : Views.unpack(masks).reshape(-1, winners, masks.bits()).to(ScalarType.Byte));
  }

  /** The masks as the models take them; null if there are none. */
  MaskBits maskBits() {
    return masks == null ? null : Views.pack(masks.flatten(0, 1), MASKS);
  }

  /** Writes by the file's ending. */
  void write(Path file) throws IOException {
    if (isNumpy(file)) {
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put(TOKENS, NpyArray.of(TOKENS, Tensors.longs(tokens), shape(tokens)));
      if (masks != null) {
        arrays.put(MASKS, NpyArray.of(MASKS, Tensors.bytes(masks), shape(masks)));
      }
      Path whole = file.resolveSibling("." + file.getFileName() + ".partial");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(whole))) {
          Npz.write(out, arrays);
        }
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(whole);
      }
    } else {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put(TOKENS, tokens);
      if (masks != null) {
        tensors.put(MASKS, masks);
      }
      new Safetensors(tensors, Map.of()).write(file);
    }
  }

  /** Reads what {@link #write} wrote. */
  static Codes read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " does not exist");
    }
    Map<String, Tensor> tensors =
        isNumpy(file) ? readNumpy(file) : Safetensors.read(file).tensors();
    if (!tensors.containsKey(TOKENS)) {
      throw new IOException(file + " holds no \"" + TOKENS + "\"; it has " + tensors.keySet());
    }
    return new Codes(
        Shapes.require(tensors.get(TOKENS), TOKENS, Shapes.ANY, Shapes.ANY).to(ScalarType.Long),
        tensors.get(MASKS));
  }

  private static Map<String, Tensor> readNumpy(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : List.of(TOKENS, MASKS)) {
        NpyArray array = npz.find(name);
        if (array != null) {
          long most = name.equals(MASKS) ? 1 : Long.MAX_VALUE;
          long[] shape = Arrays.stream(array.shape()).asLongStream().toArray();
          tensors.put(name, Tensors.of(array.whole(name, 0, most), shape));
        }
      }
    }
    return tensors;
  }

  private static boolean isNumpy(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".npz") || name.endsWith(".safetensors")) {
      return name.endsWith(".npz");
    }
    throw new IllegalArgumentException("a code file must end in .npz or .safetensors, got " + name);
  }

  private static int[] shape(Tensor tensor) {
    return Arrays.stream(Shapes.of(tensor)).mapToInt(Math::toIntExact).toArray();
  }
}
