package io.mvq.train;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mvq.files.StrictJson;
import io.mvq.tensor.Shapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The JSON header of a safetensors file. {@link #parse} trusts nothing: every size is checked
 * against the bytes that are really there before anyone allocates by it.
 *
 * @param entries in the order of their bytes, which they cover without gap or overlap
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  /** The format's own limit. */
  static final int MOST_BYTES = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final ObjectMapper MAPPER = StrictJson.mapper();

  /** Element types, under the names the format gives them. */
  enum Type {
    F64(ScalarType.Double, 8),
    F32(ScalarType.Float, 4),
    F16(ScalarType.Half, 2),
    BF16(ScalarType.BFloat16, 2),
    I64(ScalarType.Long, 8),
    I32(ScalarType.Int, 4),
    U8(ScalarType.Byte, 1),
    BOOL(ScalarType.Bool, 1);

    final ScalarType scalar;
    final int bytes;

    Type(ScalarType scalar, int bytes) {
      this.scalar = scalar;
      this.bytes = bytes;
    }
  }

  /** One tensor's place; offsets count from the end of the header. */
  @SuppressWarnings("ArrayRecordComponent") // entries are never compared
  record Entry(String name, Type type, long[] shape, long begin, long end) {}

  /** The header of these tensors, laid out in their order. */
  static SafetensorsHeader of(Map<String, Tensor> tensors, Map<String, String> metadata) {
    List<Entry> entries = new ArrayList<>();
    long offset = 0;
    for (var named : tensors.entrySet()) {
      if (named.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be named " + METADATA);
      }
      Tensor tensor = named.getValue();
      ScalarType scalar = tensor.scalar_type().intern();
      Type type =
          Arrays.stream(Type.values())
              .filter(candidate -> candidate.scalar == scalar)
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "tensor "
                              + named.getKey()
                              + " is of type "
                              + scalar
                              + "; a safetensors file here takes "
                              + Arrays.toString(Type.values())));
      long end = offset + tensor.nbytes();
      entries.add(new Entry(named.getKey(), type, Shapes.of(tensor), offset, end));
      offset = end;
    }
    return new SafetensorsHeader(entries, metadata);
  }

  /** UTF-8 JSON, padded with spaces so that the tensors begin at a multiple of 8 bytes. */
  byte[] json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writePOJOField(METADATA, metadata);
      }
      for (Entry entry : entries) {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", entry.type().name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape(), 0, entry.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory is always writable", e);
    }
    while (out.size() % 8 != 0) {
      out.write(' ');
    }
    return out.toByteArray();
  }

  /** Checks a header against the number of bytes that follow it. */
  static SafetensorsHeader parse(byte[] json, long dataBytes) {
    if (json[0] != '{') {
      throw new IllegalArgumentException("its header does not begin with {");
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("its header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("its header is not JSON: " + e.getMessage(), e);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (var field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        for (var note : field.getValue().properties()) {
          require(note.getValue().isTextual(), METADATA, note.getKey() + " must be text");
          metadata.put(note.getKey(), note.getValue().textValue());
        }
      } else {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long covered = 0;
    for (Entry entry : entries) {
      require(
          entry.begin() == covered,
          entry.name(),
          (entry.begin() > covered ? "leaves a gap" : "overlaps another tensor")
              + ": it begins at "
              + entry.begin()
              + ", expected "
              + covered);
      require(
          entry.end() <= dataBytes,
          entry.name(),
          "ends at " + entry.end() + " but only " + dataBytes + " bytes follow the header");
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw new IllegalArgumentException(
          (dataBytes - covered) + " bytes after the last tensor belong to none");
    }
    return new SafetensorsHeader(List.copyOf(entries), metadata);
  }

  private static Entry entry(String name, JsonNode node) {
    String dtype = node.path("dtype").asText("");
    Type type =
        Arrays.stream(Type.values())
            .filter(candidate -> candidate.name().equals(dtype))
            .findFirst()
            .orElse(null);
    require(
        type != null,
        name,
        "has dtype " + dtype + "; this program reads " + Arrays.toString(Type.values()));
    long[] shape = longs(name, "shape", node.path("shape"));
    long[] offsets = longs(name, "data_offsets", node.path("data_offsets"));
    require(
        shape.length <= 64, name, "has " + shape.length + " dimensions, at most 64 are allowed");
    require(offsets.length == 2, name, "needs two data_offsets, got " + offsets.length);
    require(offsets[0] <= offsets[1], name, "ends before it begins: " + Arrays.toString(offsets));
    long needed = type.bytes;
    try {
      for (long size : shape) {
        needed = Math.multiplyExact(needed, size);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor " + name + " has an impossible shape " + Shapes.text(shape), e);
    }
    require(
        needed == offsets[1] - offsets[0],
        name,
        "of shape "
            + Shapes.text(shape)
            + " needs "
            + needed
            + " bytes, its offsets span "
            + (offsets[1] - offsets[0]));
    return new Entry(name, type, shape, offsets[0], offsets[1]);
  }

  private static long[] longs(String name, String field, JsonNode node) {
    require(node.isArray(), name, "has no " + field);
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = node.get(i);
      require(
          value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0,
          name,
          field + " must hold whole numbers from 0, got " + value);
      values[i] = value.longValue();
    }
    return values;
  }

  private static void require(boolean holds, String name, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("tensor " + name + " " + problem);
    }
  }
}
