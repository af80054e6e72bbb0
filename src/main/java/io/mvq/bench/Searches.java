package io.mvq.bench;

import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.NearestCode;
import io.mvq.kernel.Where;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Nearest code from Java against LibTorch's two usual ways, large and small batches. */
final class Searches implements Suite {
  /** Floats in the full distance matrix that LibTorch is asked to make at most: 1 GiB. */
  private static final long MOST_SCORES = 1L << 28;

  private record Size(long n, long k, long d) {
    Case asCase() {
      // small calls are rows of their own: the call from Java is a part of their time
      String from = n <= 64 ? "from Java" : "";
      return new Case("nearest_code", from, n, d, k, 2.0 * n * k * d);
    }
  }

  private final List<Size> sizes = new ArrayList<>();

  Searches(boolean quick) {
    if (quick) {
      long[][] few = {{128, 32}, {512, 8}, {1024, 32}, {1024, 64}, {8192, 64}, {1024, 256}};
      for (long[] size : few) {
        sizes.add(new Size(4096, size[0], size[1]));
      }
      sizes.add(new Size(1, 512, 64));
      sizes.add(new Size(16, 512, 64));
      return;
    }
    grid(new long[] {4096, 65536}, new long[] {128, 512, 1024, 8192, 16384}, 8, 32, 64, 256);
    grid(new long[] {1, 2, 4, 8, 16, 32, 64}, new long[] {64, 512}, 8, 64);
  }

  private void grid(long[] rows, long[] codes, long... widths) {
    for (long n : rows) {
      for (long d : widths) {
        for (long k : codes) {
          if (n * k <= MOST_SCORES) {
            sizes.add(new Size(n, k, d));
          }
        }
      }
    }
  }

  @Override
  public List<Case> cases() {
    return sizes.stream().map(Size::asCase).toList();
  }

  @Override
  public Row measure(Case one, Place place, Rounds rounds) {
    try (PointerScope scope = new PointerScope()) {
      Tensor rows = place.here(torch.randn(one.n(), one.d()));
      Tensor codes = place.here(torch.randn(one.k(), one.d()));
      Where where = place.where(rows);
      FloatMatrix rowView = Views.matrix(rows, "rows");
      FloatMatrix codeView = Views.matrix(codes, "codes");
      Tensor found = place.here(Tensors.longZeros(one.n()));
      LongPointer index = Views.longs(found, "index");
      Tensor distances = place.here(Tensors.zeros(one.n()));
      FloatPointer distance = Tensors.data(distances);
      long scores = one.n() * one.k() * Float.BYTES;
      return Row.of(
          one,
          place,
          Tf32.beside(
              place,
              List.of(
                  new Contender(
                      "mvq",
                      -1,
                      () ->
                          NearestCode.search(
                              rowView, codeView, null, null, where, index, distance)),
                  new Contender("libtorch", scores, () -> addmm(rows, codes)),
                  new Contender("libtorch_cdist", scores, () -> cdist(rows, codes)))),
          rounds);
    }
  }

  private static void addmm(Tensor rows, Tensor codes) {
    try (PointerScope scope = new PointerScope()) {
      Tensor norms = codes.square().sum(1);
      Tensor scores = torch.addmm(norms, rows, codes.t(), new Scalar(1), new Scalar(-2));
      scores.argmin(new LongOptional(1), false);
    }
  }

  private static void cdist(Tensor rows, Tensor codes) {
    try (PointerScope scope = new PointerScope()) {
      torch.cdist(rows, codes).argmin(new LongOptional(1), false);
    }
  }
}
