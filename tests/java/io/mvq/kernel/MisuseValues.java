package io.mvq.kernel;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Arguments of every type in this package, sound ones of a few small sizes and odd ones. */
final class MisuseValues {
  private static final long[] SOUND = {1, 2, 3, 4, 8};
  private static final long[] ODD = {
    Long.MIN_VALUE, -(1L << 40), -1, 0, 5, 1L << 40, 1L << 60, (1L << 61) + 1, Long.MAX_VALUE
  };
  private static final int[] ODD_INTS = {Integer.MIN_VALUE, -1, 0, 5, 2000, Integer.MAX_VALUE};

  private final Random random;

  MisuseValues(Random random) {
    this.random = random;
  }

  /** A fresh value; null also for types that have none. */
  Object of(Type type, boolean sound) {
    Class<?> raw = Misuse.raw(type);
    if (raw == long.class) {
      return sound ? pick(SOUND) : pick(ODD);
    } else if (raw == int.class) {
      return sound ? (int) pick(SOUND) : ODD_INTS[random.nextInt(ODD_INTS.length)];
    } else if (raw == float.class || raw == double.class) {
      double value = sound ? 0.5 : new double[] {-1, 2, Double.NaN}[random.nextInt(3)];
      return raw == float.class ? (Object) (float) value : (Object) value;
    } else if (raw == boolean.class) {
      return random.nextBoolean();
    } else if (!sound && random.nextInt(4) == 0) {
      return null;
    }
    return object(raw, type, sound);
  }

  private Object object(Class<?> raw, Type type, boolean sound) {
    if (raw == FloatPointer.class) {
      return floats(sound);
    } else if (raw == LongPointer.class) {
      return sound ? new LongPointer(new long[64]) : closed(() -> new LongPointer(new long[64]));
    } else if (raw == Pointer.class) {
      return null;
    } else if (raw == FloatBuffer.class) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(48);
      return (sound ? bytes.order(ByteOrder.nativeOrder()) : bytes).asFloatBuffer();
    } else if (raw == float[].class) {
      return new float[random.nextInt(4) * 2];
    } else if (raw == float[][].class) {
      return new float[][] {new float[2], sound ? new float[2] : null};
    } else if (raw == boolean[][].class) {
      return new boolean[][] {new boolean[2], sound ? new boolean[2] : null};
    } else if (raw == List.class) {
      return list((Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0], sound);
    } else if (raw == String.class) {
      return "text";
    } else if (raw == Object.class) {
      return random.nextBoolean() ? "other" : of(FloatMatrix.class, true);
    }
    return ours(raw, sound);
  }

  private Object ours(Class<?> raw, boolean sound) {
    if (raw == FloatMatrix.class) {
      return matrix(sound, pick(SOUND), sound ? 4 : pick(SOUND));
    } else if (raw == MaskBits.class) {
      return masks(sound, pick(SOUND), sound ? 4 : pick(SOUND));
    } else if (raw == Where.class) {
      return sound || Backend.load().cudaDevices() > 0
          ? Where.cpu(random.nextInt(3))
          : Where.cuda(random.nextInt(2), null, (bytes, call) -> call.applyAsInt(null));
    } else if (raw == Where.Device.class) {
      return sound ? Where.Device.CPU : Where.Device.CUDA;
    } else if (raw == Where.Scratch.class) {
      return (Where.Scratch) (bytes, call) -> call.applyAsInt(null);
    } else if (raw == Dropout.class) {
      return new Dropout(random.nextLong(), sound ? 0 : Long.MAX_VALUE, 0.5);
    } else if (raw == Head.class) {
      return new Head(List.of(layer(sound)), Head.Activation.RELU, 0);
    } else if (raw == Head.Layer.class) {
      return layer(sound);
    } else if (raw == Head.Activation.class) {
      return Head.Activation.GELU;
    } else if (raw == Assignment.class) {
      return new Assignment(longs(sound), floats(sound));
    } else if (raw == CodebookSums.Sums.class) {
      return new CodebookSums.Sums(longs(sound), floats(sound));
    } else if (raw == NearestFreeMask.Found.class) {
      return new NearestFreeMask.Found(new Assignment(longs(sound), null), masks(sound, 2, 4));
    } else if (raw == NearestInBank.Found.class) {
      return new NearestInBank.Found(new Assignment(longs(true), floats(sound)), longs(sound));
    } else if (raw == SelectHypothesis.Question.class) {
      FloatMatrix base = matrix(sound, 2, 4);
      Head head = new Head(List.of(layer(true)), Head.Activation.RELU, 0);
      return new SelectHypothesis.Question(
          matrix(sound, 2, 4), 4, head, base, matrix(true, 2, 4), pick(SOUND), sound);
    } else if (raw == SelectHypothesis.Winners.class) {
      return new SelectHypothesis.Winners(longs(sound), floats(sound), masks(sound, 2, 4));
    } else if (raw == Backend.class) {
      return new Backend("none", List.of("cuda: none"), "nowhere", 0);
    }
    return null;
  }

  private List<Object> list(Class<?> element, boolean sound) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      list.add(element == BitSet.class ? BitSet.valueOf(new long[] {-1}) : of(element, sound));
    }
    if (!sound) {
      list.add(null);
    }
    return list;
  }

  private Head.Layer layer(boolean sound) {
    FloatPointer bias = floats(true);
    Head.Layer layer = new Head.Layer(matrix(sound, 4, 4), bias);
    if (!sound) {
      bias.close();
    }
    return layer;
  }

  private FloatMatrix matrix(boolean sound, long rows, long width) {
    FloatPointer data = floats(true);
    FloatMatrix matrix = FloatMatrix.of(data, rows, width);
    if (!sound) {
      data.close();
    }
    return matrix;
  }

  private MaskBits masks(boolean sound, long count, long bits) {
    LongPointer words = longs(true);
    MaskBits masks = new MaskBits(words, count, bits);
    if (!sound) {
      words.close();
    }
    return masks;
  }

  private LongPointer longs(boolean sound) {
    return (LongPointer) object(LongPointer.class, null, sound);
  }

  private FloatPointer floats(boolean sound) {
    float[] values = new float[64];
    Arrays.fill(values, 0.25f);
    if (sound) {
      return new FloatPointer(values);
    }
    return random.nextBoolean() ? closed(() -> new FloatPointer(values)) : part(values);
  }

  /** A part of a pointer that was closed: it still holds the address. */
  private static FloatPointer part(float[] values) {
    try (FloatPointer whole = new FloatPointer(values)) {
      return whole.getPointer(1);
    }
  }

  private <P extends Pointer> P closed(Supplier<P> make) {
    P pointer;
    if (random.nextBoolean()) {
      try (PointerScope scope = new PointerScope()) {
        pointer = make.get();
      }
    } else {
      pointer = make.get();
      pointer.close();
    }
    return pointer;
  }

  private long pick(long[] from) {
    return from[random.nextInt(from.length)];
  }
}
