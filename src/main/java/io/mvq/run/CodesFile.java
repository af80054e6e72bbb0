package io.mvq.run;

import io.mvq.data.format.NpyArray;
import io.mvq.data.format.Npz;
import io.mvq.files.OutputFile;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.train.Safetensors;
import io.mvq.train.SealedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Whole numbers by name in a .npz or .safetensors, by the file's ending; whole or not there. The
 * members of a .npz have CRCs, a .safetensors has one SHA-256.
 */
public record CodesFile(Path file) {
  private static final String NPY = ".npy";
  private static final Set<ScalarType> WHOLE =
      Set.of(ScalarType.Long, ScalarType.Int, ScalarType.Byte);

  public CodesFile {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    if (!name.endsWith(".npz") && !name.endsWith(".safetensors")) {
      throw new IllegalArgumentException(
          "a code file must end in .npz or .safetensors, got " + name);
    }
  }

  private boolean isNumpy() {
    return file.getFileName().toString().endsWith(".npz");
  }

  /** Writes tensors of int64 or uint8. */
  void write(Map<String, Tensor> tensors) throws IOException {
    if (!isNumpy()) {
      SealedTensors.write(file, tensors, Map.of());
      return;
    }
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, array(name, tensor)));
    OutputFile.write(file, out -> Npz.write(out, arrays));
  }

  private static NpyArray array(String name, Tensor tensor) {
    int[] shape = Arrays.stream(Shapes.of(tensor)).mapToInt(Math::toIntExact).toArray();
    return tensor.scalar_type().intern() == ScalarType.Byte
        ? NpyArray.of(name, Tensors.bytes(tensor), shape)
        : NpyArray.of(name, Tensors.longs(tensor), shape);
  }

  /**
   * Those of the tensors that are there, as int64.
   *
   * @param most the greatest value of each by its name; the least is 0
   * @throws IOException if one holds anything else
   */
  Map<String, Tensor> read(Map<String, Long> most) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " does not exist");
    }
    return isNumpy() ? readNumpy(most) : readSafetensors(most);
  }

  private Map<String, Tensor> readNumpy(Map<String, Long> most) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      requireOnly(most.keySet());
      for (var named : most.entrySet()) {
        String name = named.getKey();
        NpyArray array = npz.find(name);
        if (array != null) {
          long[] shape = Arrays.stream(array.shape()).asLongStream().toArray();
          tensors.put(name, Tensors.of(array.whole(name, 0, named.getValue()), shape));
        }
      }
    }
    return tensors;
  }

  /** Nothing checks a member's name; one that is changed would be taken for one that never was. */
  private void requireOnly(Set<String> names) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (String name : zip.stream().map(ZipEntry::getName).toList()) {
        if (!name.endsWith(NPY)
            || !names.contains(name.substring(0, name.length() - NPY.length()))) {
          throw new IOException(
              String.format(
                  "%s must hold only %s, got \"%s\"",
                  file, names, name.replaceAll("\\p{Cntrl}", "?")));
        }
      }
    }
  }

  private Map<String, Tensor> readSafetensors(Map<String, Long> most) throws IOException {
    Safetensors saved = SealedTensors.read(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (var named : most.entrySet()) {
      Tensor tensor = saved.tensors().get(named.getKey());
      if (tensor != null) {
        tensors.put(named.getKey(), whole(named.getKey(), tensor, named.getValue()));
      }
    }
    if (tensors.containsKey(Codes.ABOUT) && !saved.metadata().containsKey(SealedTensors.SEAL)) {
      throw new IOException(file + " is damaged: the SHA-256 of its tensors is gone");
    }
    return tensors;
  }

  private Tensor whole(String name, Tensor tensor, long most) throws IOException {
    ScalarType type = tensor.scalar_type().intern();
    if (!WHOLE.contains(type)) {
      throw new IOException(
          String.format(
              "%s: %s must be whole numbers, %s, got %s",
              file, name, List.of("I64", "I32", "U8"), type));
    }
    Tensor whole = tensor.to(ScalarType.Long);
    if (whole.numel() > 0) {
      long least = whole.min().item_long();
      long greatest = whole.max().item_long();
      if (least < 0 || greatest > most) {
        throw new IOException(
            String.format(
                "%s: %s must be 0 to %d, got %d", file, name, most, least < 0 ? least : greatest));
      }
    }
    return whole;
  }
}
