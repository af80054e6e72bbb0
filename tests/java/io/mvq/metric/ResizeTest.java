package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ResizeTest {
  private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

  @Test
  void tensorFlowOnePutsPixelZeroOnPixelZero() {
    // 2 to 4: at 0, 0.5, 1, 1.5. 4 to 3: at 0, 4/3, 8/3.
    check(Resize.TF1_BILINEAR, 2, 4, 1, 0, .5, .5, 0, 1, 0, 1);
    check(Resize.TF1_BILINEAR, 4, 3, 1, 0, 0, 0, 0, 2 / 3., 1 / 3., 0, 0, 0, 1 / 3., 2 / 3.);
  }

  @Test
  void halfPixelsPutCentresOnCentres() {
    // 2 to 4: at -0.25 (0), 0.25, 0.75, 1.25 (1). 4 to 3: at 1/6, 1.5, 17/6.
    check(Resize.HALF_PIXEL_BILINEAR, 2, 4, 1, 0, .75, .25, .25, .75, 0, 1);
    check(
        Resize.HALF_PIXEL_BILINEAR, 4, 3, 5 / 6., 1 / 6., 0, 0, 0, .5, .5, 0, 0, 0, 1 / 6., 5 / 6.);
  }

  @Test
  void cleanIsKeysCubicWidenedWhenMadeSmaller() {
    // 2 to 4: the cubic at 0.25, 1.25 is 111, -9 and at 0.25, 0.75 it is 111, 29, over 128.
    check(
        Resize.CLEAN,
        2,
        4,
        37 / 34.,
        -3 / 34.,
        111 / 140.,
        29 / 140.,
        29 / 140.,
        111 / 140.,
        -3 / 34.,
        37 / 34.);
    // 4 to 3: at 1/8, 5/8, 11/8 it is 987, 399, -75 and at 3/8, 9/8 745, -49, over 1024.
    check(
        Resize.CLEAN,
        4,
        3,
        987 / 1311.,
        399 / 1311.,
        -75 / 1311.,
        0,
        -49 / 1392.,
        745 / 1392.,
        745 / 1392.,
        -49 / 1392.,
        0,
        -75 / 1311.,
        399 / 1311.,
        987 / 1311.);
  }

  @Test
  void equalSizesChangeNothing() {
    for (Resize mode : Resize.values()) {
      assertThat(torch.equal(mode.weights(5, 5), torch.eye(5))).as(mode.title()).isTrue();
    }
  }

  @Test
  void rowsAndColumnsAreResizedAlone() {
    RandomState.seed(4);
    Tensor pixels = torch.rand(2, 3, 5, 7).mul(new Scalar(255.0));
    Tensor expected = torch.upsample_bilinear2d(pixels, new long[] {9, 9}, false);
    Tensor apart = Resize.HALF_PIXEL_BILINEAR.apply(pixels, 9).sub(expected);
    assertThat(apart.abs().max().item_float()).isLessThan(1e-3f);
  }

  @Test
  void whatTheCubicOvershootsIsClipped() {
    Tensor edge = Tensors.of(new float[] {0, 255, 0, 255}, 1, 1, 2, 2);
    float[] resized = Tensors.floats(Resize.CLEAN.apply(edge, 4));
    assertThat(resized[0]).isZero();
    assertThat(resized[1]).isCloseTo(255 * 29 / 140f, Offset.offset(1e-3f));
    assertThat(resized[3]).isEqualTo(255);
  }

  @Test
  void eachModeIsCentredAsItsProgramsDo() {
    Tensor white = Tensors.of(new float[] {255}, 1);
    assertThat(Resize.TF1_BILINEAR.centred(white).item_float()).isEqualTo(127 / 128f);
    assertThat(Resize.HALF_PIXEL_BILINEAR.centred(white).item_float()).isEqualTo(1);
    assertThat(Resize.CLEAN.centred(white).item_float()).isEqualTo(127 / 128f);
  }

  private static void check(Resize mode, int in, int out, double... expected) {
    float[] want = new float[expected.length];
    for (int i = 0; i < want.length; i++) {
      want[i] = (float) expected[i];
    }
    assertThat(Tensors.floats(mode.weights(in, out))).containsExactly(want, ROUNDING);
  }
}
