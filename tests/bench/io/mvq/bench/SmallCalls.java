package io.mvq.bench;

import io.mvq.kernel.Assignment;
import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.NearestCode;
import io.mvq.kernel.Where;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a small search costs from Java, call and all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SmallCalls {
  private static final Where ONE = Where.cpu(1);

  @Param({"1", "8", "64"})
  private int n;

  @Param({"512"})
  private int k;

  @Param({"64"})
  private int d;

  private FloatMatrix rows;
  private FloatMatrix codes;
  private LongPointer index;
  private FloatPointer distance;

  @Setup
  public void setup() {
    Random random = new Random(1);
    rows = normal(random, n, d);
    codes = normal(random, k, d);
    index = new LongPointer(n);
    distance = new FloatPointer(n);
  }

  /** Results into memory that the caller keeps. */
  @Benchmark
  public LongPointer nearestCodeIntoOwnMemory() {
    NearestCode.search(rows, codes, null, null, ONE, index, distance);
    return index;
  }

  /** Results into new memory, freed after: the simplest call. */
  @Benchmark
  public long nearestCode() {
    Assignment found = NearestCode.search(rows, codes, null, null, ONE);
    long first = found.index().get(0);
    found.index().close();
    found.distance().close();
    return first;
  }

  private static FloatMatrix normal(Random random, int rows, int width) {
    float[] values = new float[rows * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return FloatMatrix.of(values, width);
  }
}
