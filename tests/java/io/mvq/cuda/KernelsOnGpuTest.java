package io.mvq.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.kernel.Assignment;
import io.mvq.kernel.CodebookSums;
import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.Head;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.NearestCode;
import io.mvq.kernel.NearestFreeMask;
import io.mvq.kernel.NearestInBank;
import io.mvq.kernel.SelectHypothesis;
import io.mvq.kernel.Where;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation on the GPU gives the bits of the CPU. */
class KernelsOnGpuTest extends OnGpu {
  private static final long[] SIZES = {1, 7, 31, 32, 33, 63, 65, 127, 129, 257};

  /** An operation: inputs on one device to all of its results on that device. */
  private interface Operation {
    List<Tensor> run(Device device, Where where);
  }

  @BeforeEach
  void seed() {
    torch.manual_seed(3);
  }

  private static void checkSame(Operation operation) {
    List<Tensor> expected = operation.run(Devices.cpu(), Where.CPU);
    List<Tensor> got = operation.run(gpu(), Devices.where(gpu(Tensors.zeros(1))));
    for (int i = 0; i < expected.size(); i++) {
      Tensor want = expected.get(i);
      // Floats are compared as the integers that their bits are; no result here is NaN.
      assertThat(bits(got.get(i))).as("result %d", i).isEqualTo(bits(want));
    }
  }

  private static long[] bits(Tensor tensor) {
    if (tensor.scalar_type().intern() == ScalarType.Long) {
      return Tensors.longs(tensor);
    }
    float[] values = Tensors.floats(tensor);
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static Tensor words(long count, long bits) {
    return torch
        .randint(
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            new long[] {count, MaskBits.words(bits)},
            Tensors.options(ScalarType.Long))
        .contiguous();
  }

  private static void checkNearest(long n, long k, long d, Tensor rows, Tensor codes) {
    Tensor allowed = words(n, k);
    Tensor rowMask = words(1, d);
    checkSame(
        (device, where) -> {
          Tensor index = longs(device, n);
          Tensor distance = floats(device, n);
          Tensor r = Devices.to(rows, device);
          Tensor c = Devices.to(codes, device);
          NearestCode.search(
              Views.matrix(r, "rows"),
              Views.matrix(c, "codes"),
              null,
              null,
              where,
              Views.longs(index, "index"),
              Tensors.data(distance));
          Tensor maskedIndex = longs(device, n);
          Tensor maskedDistance = floats(device, n);
          Tensor a = Devices.to(allowed, device);
          Tensor m = Devices.to(rowMask, device);
          NearestCode.search(
              Views.matrix(r, "rows"),
              Views.matrix(c, "codes"),
              Views.masks(a, k, "allowed"),
              Views.masks(m, d, "row mask"),
              where,
              Views.longs(maskedIndex, "index"),
              Tensors.data(maskedDistance));
          return List.of(index, distance, maskedIndex, maskedDistance);
        });
  }

  @Test
  void nearestCodesAreTheSame() {
    for (long size : SIZES) {
      checkNearest(size, 65, 9, torch.randn(size, 9), torch.randn(65, 9));
      checkNearest(70, size, 33, integers(70, 33), integers(size, 33));
      checkNearest(70, 33, size, torch.randn(70, size), torch.randn(33, size));
    }
    checkNearest(1030, 1029, 64, torch.randn(1030, 64), torch.randn(1029, 64));
  }

  @Test
  void bankAndFreeMasksAreTheSame() {
    for (long size : SIZES) {
      Tensor rows = size % 2 == 0 ? torch.randn(35, size) : integers(35, size);
      Tensor codes = size % 2 == 0 ? torch.randn(17, size) : integers(17, size);
      Tensor bank = words(11, size);
      checkSame(
          (device, where) -> {
            Tensor r = Devices.to(rows, device);
            Tensor c = Devices.to(codes, device);
            Tensor b = Devices.to(bank, device);
            List<Tensor> results = new ArrayList<>();
            Tensor index = longs(device, 35);
            Tensor mask = longs(device, 35);
            Tensor distance = floats(device, 35);
            NearestInBank.search(
                Views.matrix(r, "rows"),
                Views.matrix(c, "codes"),
                Views.masks(b, size, "bank"),
                where,
                new NearestInBank.Found(
                    new Assignment(Views.longs(index, "index"), Tensors.data(distance)),
                    Views.longs(mask, "mask")));
            results.addAll(List.of(index, mask, distance));
            for (long kept : new long[] {NearestFreeMask.ANY, 0, size / 2, size}) {
              Tensor freeIndex = longs(device, 35);
              Tensor freeMask = longs(device, 35, MaskBits.words(size));
              Tensor freeDistance = floats(device, 35);
              NearestFreeMask.search(
                  Views.matrix(r, "rows"),
                  Views.matrix(c, "codes"),
                  kept,
                  where,
                  new NearestFreeMask.Found(
                      new Assignment(Views.longs(freeIndex, "index"), Tensors.data(freeDistance)),
                      Views.masks(freeMask, size, "masks")));
              results.addAll(List.of(freeIndex, freeMask, freeDistance));
            }
            return results;
          });
    }
  }

  @Test
  void dropoutMasksAndTheHypothesesTheySelectAreTheSame() {
    for (long size : SIZES) {
      Tensor latents = torch.randn(5, size);
      Tensor base = torch.randn(5, 12);
      Tensor target = torch.randn(5, 12);
      Tensor first = torch.randn(size, size);
      Tensor last = torch.randn(12, size);
      Dropout dropout = new Dropout(size, 1L << 33, 0.4);
      checkSame(
          (device, where) -> {
            Tensor masks = longs(device, 5 * 40, MaskBits.words(size));
            DropoutMasks.draw(5, 40, dropout, where, Views.masks(masks, size, "masks"));
            Tensor l = Devices.to(latents, device);
            Tensor b = Devices.to(base, device);
            Tensor t = Devices.to(target, device);
            Tensor w = Devices.to(first, device);
            Tensor v = Devices.to(last, device);
            Head head =
                new Head(
                    List.of(
                        new Head.Layer(Views.matrix(w, "weight"), null),
                        new Head.Layer(Views.matrix(v, "weight"), null)),
                    Head.Activation.GELU,
                    0);
            Tensor index = longs(device, 5 * 3 * 2);
            Tensor loss = floats(device, 5 * 3 * 2);
            Tensor winners = longs(device, 5 * 3 * 2, MaskBits.words(size));
            SelectHypothesis.select(
                new SelectHypothesis.Question(
                    Views.matrix(l, "latents"),
                    size,
                    head,
                    Views.matrix(b, "base"),
                    Views.matrix(t, "target"),
                    4,
                    true),
                40,
                2,
                null,
                dropout,
                where,
                new SelectHypothesis.Winners(
                    Views.longs(index, "index"),
                    Tensors.data(loss),
                    Views.masks(winners, size, "winners")));
            return List.of(masks, index, loss, winners);
          });
    }
  }

  @Test
  void codebookSumsAreTheSame() {
    for (long size : SIZES) {
      Tensor rows = torch.randn(3 * size, 33);
      Tensor index =
          torch.randint(-1, size, new long[] {3 * size}, Tensors.options(ScalarType.Long));
      checkSame(
          (device, where) -> {
            Tensor r = Devices.to(rows, device);
            Tensor i = Devices.to(index, device);
            Tensor counts = longs(device, size);
            Tensor sums = floats(device, size, 33);
            CodebookSums.sum(
                Views.matrix(r, "rows"),
                Views.longs(i, "index"),
                size,
                where,
                new CodebookSums.Sums(Views.longs(counts, "counts"), Tensors.data(sums)));
            return List.of(counts, sums);
          });
    }
  }

  @Test
  void hostMemoryGivenToAGpuIsRefusedByName() {
    Tensor rows = gpu(torch.randn(4, 8));
    Tensor codes = torch.randn(3, 8);
    Tensor index = longs(gpu(), 4);
    assertThatThrownBy(
            () ->
                NearestCode.search(
                    Views.matrix(rows, "rows"),
                    Views.matrix(codes, "codes"),
                    null,
                    null,
                    Devices.where(rows),
                    Views.longs(index, "index"),
                    null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("codes is in host memory, but where names cuda:0");
  }
}
