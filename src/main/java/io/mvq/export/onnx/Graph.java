package io.mvq.export.onnx;

import io.mvq.Version;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * An ONNX graph that is being written. Values are named by texts: what a method gives is the name
 * of the value that it adds. Nodes are in the order of their computation.
 */
final class Graph {
  /** Element types as ONNX numbers them. */
  enum Type {
    FLOAT(1),
    UINT8(2),
    INT64(7);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  // AttributeProto's types.
  private static final int ONE_REAL = 1;
  private static final int ONE_NUMBER = 2;
  private static final int ONE_TEXT = 3;
  private static final int NUMBERS = 7;

  private final Proto graph = new Proto();
  private final Set<String> kept = new HashSet<>();
  private int nodes;

  /** A graph of a name. */
  Graph(String name) {
    graph.text(2, name);
  }

  /** What the graph is given. @param shape its sizes, -1 for the batch's */
  String input(String name, Type type, long... shape) {
    graph.message(11, value(name, type, shape));
    return name;
  }

  /** Gives a value out under a name. @param shape its sizes, -1 for the batch's */
  void output(String value, String name, Type type, long... shape) {
    graph.message(
        1, new Proto().text(1, value).text(2, name).text(3, "give_" + name).text(4, "Identity"));
    graph.message(12, value(name, type, shape));
  }

  private static Proto value(String name, Type type, long... shape) {
    Proto sizes = new Proto();
    for (long size : shape) {
      sizes.message(1, size < 0 ? new Proto().text(2, "n") : new Proto().number(1, size));
    }
    Proto tensor = new Proto().number(1, type.number).message(2, sizes);
    return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
  }

  /** A node without attributes. */
  String node(String operator, String... inputs) {
    return node(operator, Map.of(), inputs);
  }

  /** A node of one output. @param attributes Long, long[], Float or String by name */
  String node(String operator, Map<String, ?> attributes, String... inputs) {
    String name = operator.toLowerCase(Locale.ROOT) + "_" + nodes++;
    Proto node = new Proto();
    for (String input : inputs) {
      node.text(1, input);
    }
    node.text(2, name).text(3, name).text(4, operator);
    new TreeMap<>(attributes).forEach((key, value) -> node.message(5, attribute(key, value)));
    graph.message(1, node);
    return name;
  }

  private static Proto attribute(String name, Object value) {
    Proto attribute = new Proto().text(1, name);
    if (value instanceof Float real) {
      return attribute.real(2, real).number(20, ONE_REAL);
    } else if (value instanceof Long number) {
      return attribute.number(3, number).number(20, ONE_NUMBER);
    } else if (value instanceof long[] numbers) {
      return attribute.numbers(8, numbers).number(20, NUMBERS);
    }
    byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
    return attribute.bytes(4, text).number(20, ONE_TEXT);
  }

  /** A constant of floats under its own name, kept once. */
  String weight(String name, Tensor tensor) {
    if (kept.add(name)) {
      float[] values = Tensors.floats(tensor);
      ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
      bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
      initializer(name, Type.FLOAT, Shapes.of(tensor), bytes.array());
    }
    return name;
  }

  /** A constant vector of floats. */
  String floats(float... values) {
    return weight("constant_" + nodes++, Tensors.of(values, values.length));
  }

  /** One float, as a scalar. */
  String scalar(double value) {
    return weight("constant_" + nodes++, Tensors.of(new float[] {(float) value}));
  }

  /** A constant vector of whole numbers. */
  String longs(long... values) {
    String name = "constant_" + nodes++;
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    initializer(name, Type.INT64, new long[] {values.length}, bytes.array());
    return name;
  }

  /** A constant of bytes. */
  String bytes(byte[] values, long... shape) {
    String name = "constant_" + nodes++;
    initializer(name, Type.UINT8, shape, values);
    return name;
  }

  private void initializer(String name, Type type, long[] shape, byte[] raw) {
    Proto tensor = new Proto().numbers(1, shape).number(2, type.number).text(8, name);
    graph.message(5, tensor.bytes(9, raw));
  }

  /** Reshaped; 0 keeps a size, -1 is what is left. */
  String reshape(String value, long... shape) {
    return node("Reshape", value, longs(shape));
  }

  /** Cast to a type. */
  String cast(String value, Type type) {
    return node("Cast", Map.of("to", (long) type.number), value);
  }

  /** Columns {@code from} to {@code to}, exclusive, of axis 1. */
  String columns(String value, long from, long to) {
    return node("Slice", value, longs(from), longs(to), longs(1));
  }

  /** Joined along axis 1. */
  String joined(String... values) {
    return values.length == 1 ? values[0] : node("Concat", Map.of("axis", 1L), values);
  }

  /** The whole model as a file's bytes. @param notes texts by name */
  byte[] model(Map<String, String> notes) {
    Proto model =
        new Proto()
            .number(1, IR_VERSION)
            .text(2, "mvq")
            .text(3, Version.NUMBER)
            .message(7, graph)
            .message(8, new Proto().text(1, "").number(2, OPSET));
    new TreeMap<>(notes)
        .forEach((key, text) -> model.message(14, new Proto().text(1, key).text(2, text)));
    return model.toBytes();
  }
}
