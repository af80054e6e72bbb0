package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path folder;

  private static final ScalarType[] TYPES = {
    ScalarType.Float, ScalarType.Double, ScalarType.Long, ScalarType.Byte,
    ScalarType.Half, ScalarType.BFloat16, ScalarType.Int, ScalarType.Bool
  };

  @Property(tries = 60)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 5) Map<@StringLength(max = 12) String, @IntRange(max = 7) Integer> named,
      @ForAll @Size(max = 3) List<@IntRange(max = 4) Integer> sizes,
      @ForAll @Size(max = 3) Map<String, String> notes)
      throws IOException {
    long[] shape = sizes.stream().mapToLong(size -> size).toArray();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    named.forEach((name, type) -> tensors.put(name, torch.randn(shape).to(TYPES[type])));
    Path file = Files.createTempDirectory("mvq").resolve("property.safetensors");
    new Safetensors(tensors, notes).write(file);
    Safetensors read = Safetensors.read(file);
    Files.delete(file);
    Files.delete(file.getParent());
    assertThat(read.metadata()).isEqualTo(notes);
    assertThat(read.tensors().keySet()).isEqualTo(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          Tensor found = read.tensors().get(name);
          assertThat(found.scalar_type().intern()).isEqualTo(tensor.scalar_type().intern());
          assertThat(Shapes.of(found)).isEqualTo(shape);
          assertThat(torch.equal(found, tensor)).isTrue();
        });
  }

  @Test
  void aFileOfTheReferenceLayoutIsReadAndWrittenByteForByte() throws IOException {
    Path golden = Path.of("tests/golden/layout.safetensors");
    Safetensors read = Safetensors.read(golden);
    assertThat(read.metadata()).containsEntry("format", "pt");
    assertThat(Tensors.floats(read.tensors().get("weight"))).containsExactly(1, -2, 3.5f, 0, 5, 6);
    assertThat(Shapes.of(read.tensors().get("weight"))).containsExactly(2, 3);
    assertThat(Tensors.longs(read.tensors().get("index"))).containsExactly(7, -1);
    assertThat(Tensors.bytes(read.tensors().get("bits"))).containsExactly(1, 2, -1);
    assertThat(Tensors.floats(read.tensors().get("half"))).containsExactly(1.5f);
    assertThat(Tensors.floats(read.tensors().get("brain"))).containsExactly(-2);
    assertThat(read.tensors().get("none").numel()).isZero();
    Path copy = folder.resolve("copy.safetensors");
    read.write(copy);
    assertThat(copy).hasSameBinaryContentAs(golden);
  }

  @Test
  void stridedTensorsAreWrittenRowMajor() throws IOException {
    Tensor turned = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).t();
    Path file = folder.resolve("strided");
    new Safetensors(Map.of("t", turned), Map.of()).write(file);
    assertThat(Tensors.floats(Safetensors.read(file).tensors().get("t")))
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void brokenFilesAreNamedWithWhatIsWrong() throws IOException {
    String one = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    assertBroken(raw(new byte[3]), "it has 3 bytes, the least possible is 10");
    assertBroken(raw("PK a zip file, say".getBytes(StandardCharsets.UTF_8)), "its header claims");
    assertBroken(lengthOnly(-1), "claims 18446744073709551615 bytes");
    assertBroken(
        lengthOnly(100_000_001), "claims 100000001 bytes, the format allows 2 to 100000000");
    assertBroken(lengthOnly(99_999_999), "it is truncated: the header needs 99999999 bytes");
    assertBroken(file("[]", 0), "its header does not begin with {");
    assertBroken(file("{\"a\":", 0), "its header is not JSON");
    assertBroken(file("{} x", 0), "its header is not JSON");
    assertBroken(file(one + "}", 7), "tensor a ends at 8 but only 7 bytes follow the header");
    assertBroken(file(one + "}", 9), "1 bytes after the last tensor belong to none");
    assertBroken(file(one + "," + one.substring(1) + "}", 8), "Duplicate field 'a'");
    assertBroken(file(one + ",\"b\":" + entry("F32", "[1]", 4, 8) + "}", 8), "tensor b overlaps");
    assertBroken(
        file(one + ",\"b\":" + entry("F32", "[1]", 12, 16) + "}", 16), "tensor b leaves a");
    assertBroken(file("{\"a\":" + entry("F32", "[3]", 0, 8) + "}", 8), "needs 12 bytes");
    assertBroken(file("{\"a\":" + entry("F8", "[8]", 0, 8) + "}", 8), "has dtype F8");
    assertBroken(file("{\"a\":" + entry("U8", "[-8]", 0, 8) + "}", 8), "whole numbers from 0");
    assertBroken(file("{\"a\":" + entry("U8", "[2.5]", 0, 8) + "}", 8), "whole numbers from 0");
    assertBroken(file("{\"a\":" + entry("U8", "[8]", 8, 0) + "}", 8), "ends before it begins");
    assertBroken(
        file("{\"a\":" + entry("F64", "[4611686018427387904,4]", 0, 0) + "}", 0),
        "impossible shape");
    assertBroken(file("{\"a\":{\"dtype\":\"U8\"}}", 0), "has no shape");
    assertBroken(file("{\"a\":5}", 0), "tensor a has dtype");
    assertBroken(file("{\"__metadata__\":{\"x\":5}}", 0), "x must be text");
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of("tests/golden/layout.safetensors"));
    for (int length = 0; length < whole.length; length++) {
      assertBroken(raw(Arrays.copyOf(whole, length)), "");
    }
  }

  @Test
  void unwritableTensorsAreRefusedAndAnExistingFileIsReplaced() throws IOException {
    Tensor complex = torch.zeros(new long[] {1}, Tensors.options(ScalarType.ComplexFloat));
    assertThatThrownBy(
            () -> new Safetensors(Map.of("c", complex), Map.of()).write(folder.resolve("c")))
        .hasMessageContaining("tensor c is of type ComplexFloat");
    Path file = Files.createFile(folder.resolve("there"));
    new Safetensors(Map.of(), Map.of("a", "b")).write(file);
    assertThat(Safetensors.read(file).metadata()).isEqualTo(Map.of("a", "b"));
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("nowhere")))
        .hasMessageContaining("nowhere does not exist");
  }

  private void assertBroken(Path file, String problem) {
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is not a sound safetensors file: ")
        .hasMessageContaining(problem);
  }

  private static String entry(String dtype, String shape, long begin, long end) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(dtype, shape, begin, end);
  }

  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes);
    return raw(bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array());
  }

  private Path lengthOnly(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return raw(bytes.array());
  }

  private Path raw(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("broken.safetensors"), bytes);
  }
}
