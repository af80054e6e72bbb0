package io.mvq.data.format;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a pickle of NumPy arrays is made of. */
final class PickleValues {
  private PickleValues() {}

  /**
   * A byte string, or a text too long to be kept.
   *
   * @param offset of its first byte in the file
   * @param length bytes in the file
   * @param content the bytes, or null for a long one
   * @param utf8 true: in the file each byte above 127 is the two bytes of that character in UTF-8
   */
  record Bytes(long offset, long length, byte[] content, boolean utf8) {}

  /** A NumPy array; its bytes are in the file. */
  static final class Array {
    private List<?> shape = List.of();
    private ElementType type;
    private boolean fortran;
    private Bytes data;

    /** State of numpy.ndarray: version, shape, type, whether in Fortran order, data. */
    void build(List<?> state) {
      set((List<?>) state.get(1), (ElementType) state.get(2), (Boolean) state.get(3), state.get(4));
    }

    private Array set(List<?> newShape, ElementType newType, boolean inFortranOrder, Object bytes) {
      shape = newShape;
      type = newType;
      fortran = inFortranOrder;
      data = (Bytes) bytes;
      return this;
    }

    List<?> shape() {
      return shape;
    }

    /** E.g. {@code u1}; empty for an array never filled. */
    String type() {
      return type == null ? "" : type.name;
    }

    boolean fortran() {
      return fortran;
    }

    Bytes data() {
      return data;
    }
  }

  /** A numpy.dtype. */
  static final class ElementType {
    private final String name;
    private boolean bigEndian;

    ElementType(String name) {
      this.name = name;
    }

    /** State of numpy.dtype: version, byte order, and more. */
    void build(List<?> state) {
      bigEndian = string(state.get(1)).equals(">");
    }

    boolean bigEndian() {
      return bigEndian;
    }
  }

  /** The names that NumPy's arrays need; what they make is made here. */
  enum Global {
    RECONSTRUCT,
    FROM_BUFFER,
    ARRAY,
    TYPE,
    ENCODE;

    /** Null for any other name. */
    static Global of(String module, String name) {
      return switch (module + " " + name) {
        case "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct" ->
            RECONSTRUCT;
        case "numpy.core.numeric _frombuffer", "numpy._core.numeric _frombuffer" -> FROM_BUFFER;
        case "numpy ndarray" -> ARRAY;
        case "numpy dtype" -> TYPE;
        case "_codecs encode" -> ENCODE;
        default -> null;
      };
    }

    Object made(List<?> arguments) {
      return switch (this) {
        case RECONSTRUCT -> new Array();
        case FROM_BUFFER ->
            new Array()
                .set(
                    (List<?>) arguments.get(2),
                    (ElementType) arguments.get(1),
                    string(arguments.get(3)).equals("F"),
                    arguments.get(0));
        case TYPE -> new ElementType(string(arguments.get(0)));
        case ENCODE -> encoded(arguments.get(0), string(arguments.get(1)));
        case ARRAY -> throw new ClassCastException("numpy.ndarray is not called in a pickle");
      };
    }

    /** Protocol 2 of Python 3 writes bytes as text in latin1. */
    private static Bytes encoded(Object text, String charset) {
      if (!charset.equals("latin1")) {
        throw new ClassCastException("text must be latin1, got " + charset);
      }
      if (text instanceof String small) {
        byte[] bytes = small.getBytes(StandardCharsets.ISO_8859_1);
        return new Bytes(-1, bytes.length, bytes, false);
      }
      return (Bytes) text;
    }
  }

  /** A text, or Python 2's string of bytes. */
  static String string(Object value) {
    return value instanceof Bytes bytes
        ? new String(bytes.content(), StandardCharsets.UTF_8)
        : (String) value;
  }
}
