package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On made weights: the true ones are 90 MB, and the caller's. */
class FidInceptionTest {
  private Map<String, long[]> convolutions;
  private Map<String, Tensor> weights;

  /** Convolutions of zeros; normalisations with a scale of 2 / sqrt(3.999 + 0.001), adding 0. */
  @BeforeEach
  void weightsAreMade() throws IOException {
    convolutions = new LinkedHashMap<>();
    weights = new HashMap<>();
    for (String line :
        Files.readAllLines(Path.of("tests/golden/fid-inception-weights.txt")).subList(1, 95)) {
      String[] parts = line.split(" ");
      long[] shape = Arrays.stream(parts).skip(1).mapToLong(Long::parseLong).toArray();
      convolutions.put(parts[0], shape);
      weights.put(parts[0] + ".conv.weight", torch.zeros(shape));
      weights.put(parts[0] + ".bn.weight", filled(2, shape[0]));
      weights.put(parts[0] + ".bn.bias", filled(1, shape[0]));
      weights.put(parts[0] + ".bn.running_mean", filled(1, shape[0]));
      weights.put(parts[0] + ".bn.running_var", filled(3.999, shape[0]));
    }
    weights.put("fc.weight", torch.zeros(1008, 2048));
    weights.put("fc.bias", torch.zeros(1008));
  }

  @Test
  void theListHasTheNumbersOfTheTrueNetwork() {
    assertThat(convolutions).hasSize(94);
    long numbers = 0;
    for (long[] shape : convolutions.values()) {
      numbers += shape[0] * shape[1] * shape[2] * shape[3] + 2 * shape[0];
    }
    // torchvision's Inception-V3 has 27,161,264; 3,326,696 are the auxiliary head's and 2,049,000
    // the classes'.
    assertThat(numbers).isEqualTo(27_161_264 - 3_326_696 - 2_049_000);
  }

  @Test
  void itAsksForExactlyTheseWeights() {
    Set<String> asked = new HashSet<>();
    Map<String, Tensor> watched =
        new HashMap<>(weights) {
          @Override
          public Tensor get(Object name) {
            asked.add((String) name);
            return super.get(name);
          }
        };
    new FidInception(watched, Resize.CLEAN);
    assertThat(asked).isEqualTo(weights.keySet()).hasSize(94 * 5 + 2);
  }

  @Test
  void blocksNormalisationsAndPoolsAreThoseOfTheFidNetwork() {
    // The last block's branches add 1 to 5, in the order in which they are joined.
    add("Mixed_7c.branch1x1", 1);
    add("Mixed_7c.branch3x3_2a", 2);
    add("Mixed_7c.branch3x3_2b", 3);
    add("Mixed_7c.branch3x3dbl_3a", 4);
    add("Mixed_7c.branch3x3dbl_3b", 5);
    // A flat map of 4 stays one through 7b's average pool only if that leaves the padding out.
    add("Mixed_7a.branch3x3_2", 4);
    tap("Mixed_7b.branch_pool", 0, 0);
    tap("Mixed_7c.branch1x1", 0, 1856);
    // A map of 3 with two columns of 2 at its edges: only a maximum makes it 3 throughout.
    add("Mixed_7b.branch3x3_1", 1);
    tap("Mixed_7b.branch3x3_2a", 0, 0);
    tap("Mixed_7c.branch_pool", 0, 320);
    float[] want = new float[2048];
    int[] ends = {320, 704, 1088, 1472, 1856};
    for (int branch = 0, i = 0; branch < 5; branch++) {
      for (; i < ends[branch]; i++) {
        want[i] = branch + 1;
      }
    }
    want[0] = 1 + 4;
    want[1856] = 3;
    FidInception network = new FidInception(weights, Resize.HALF_PIXEL_BILINEAR);
    assertThat(Tensors.floats(network.features(Tensors.zeros(1, 1, 9, 8))))
        .containsExactly(want, within(1e-5f));
    assertThat(Shapes.of(network.features(Tensors.zeros(0, 3, 9, 8)))).containsExactly(0, 2048);
  }

  @Test
  void aFlatPictureArrivesAsItsNamedModeCentresIt() {
    // Its red goes through the middle of one channel of every layer.
    for (String name :
        new String[] {
          "Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"
        }) {
      middle(name, 0);
    }
    for (String block : new String[] {"5b", "5c", "5d", "6c", "6d", "6e", "7c"}) {
      middle("Mixed_" + block + ".branch1x1", 0);
    }
    // 6a and 7a hand it on in their pools.
    middle("Mixed_6b.branch1x1", 384 + 96);
    middle("Mixed_7b.branch1x1", 320 + 192);
    // Rounded to 8 bits, 0.997 is white too.
    Tensor red = torch.ones(1, 3, 6, 6).sub(new Scalar(0.003));
    red.narrow(1, 1, 2).fill_(new Scalar(-1.0));
    arrives(red, Resize.TF1_BILINEAR, "TF1 bilinear", 127 / 128f);
    arrives(red, Resize.HALF_PIXEL_BILINEAR, "half-pixel bilinear", 1);
    arrives(red, Resize.CLEAN, "clean bicubic", 127 / 128f);
  }

  private void arrives(Tensor picture, Resize mode, String named, float value) {
    FidInception network = new FidInception(weights, mode);
    assertThat(network.name()).isEqualTo("FID Inception (2015-12-05), " + named + " resize");
    assertThat(network.width()).isEqualTo(2048);
    float[] features = Tensors.floats(network.features(picture));
    assertThat(features).hasSize(2048);
    assertThat(features[0]).as(named).isCloseTo(value, within(1e-4f));
    assertThat(features[1]).isZero();
  }

  @Test
  void probabilitiesLeaveTheBiasOut() {
    Tensors.data(weights.get("fc.weight")).put(2048 * 5 + 7, (float) Math.log(3));
    weights.get("fc.bias").fill_(new Scalar(0.5));
    Tensors.data(weights.get("fc.bias")).put(9, 50f);
    Tensor features = Tensors.zeros(2, 2048);
    Tensors.data(features).put(7, 1f);
    float[] got = Tensors.floats(new FidInception(weights, Resize.CLEAN).probabilities(features));
    assertThat(got).hasSize(2 * 1008);
    assertThat(got[5]).isCloseTo(3 / 1010f, within(1e-6f));
    assertThat(got[9]).isCloseTo(1 / 1010f, within(1e-6f));
    assertThat(got[1008 + 5]).isCloseTo(1 / 1008f, within(1e-6f));
  }

  @Test
  void otherWeightsAndImagesAreRefused() {
    FidInception network = new FidInception(weights, Resize.CLEAN);
    assertThatThrownBy(() -> network.features(Tensors.zeros(1, 2, 8, 8)))
        .hasMessage("images must have 1 or 3 channels, got 2");
    weights.put("fc.weight", Tensors.zeros(1000, 2048));
    refused("weight fc.weight must have shape (1008, 2048), got (1000, 2048)");
    weights.put("Mixed_6c.branch7x7_2.conv.weight", Tensors.zeros(160, 160, 7, 1));
    refused(
        "weight Mixed_6c.branch7x7_2.conv.weight must have shape (160, 160, 1, 7), got (160, 160,"
            + " 7, 1)");
    weights.remove("Mixed_5b.branch_pool.bn.weight");
    refused("weight Mixed_5b.branch_pool.bn.weight must have shape (32), got none");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> new FidInception(weights, Resize.CLEAN))
        .hasMessage(message + "; is it the FID Inception (2015-12-05)?");
  }

  private void add(String unit, double value) {
    weights.get(unit + ".bn.bias").add_(new Scalar(value));
  }

  /** Ones from channel {@code in} to channel {@code out}, over the whole window. */
  private void tap(String unit, long out, long in) {
    weights.get(unit + ".conv.weight").narrow(0, out, 1).narrow(1, in, 1).fill_(new Scalar(1.0));
  }

  /** A one from channel {@code in} to channel 0, in the middle of the window. */
  private void middle(String unit, long in) {
    long[] shape = convolutions.get(unit);
    long window = shape[2] * shape[3];
    Tensors.data(weights.get(unit + ".conv.weight")).put(in * window + window / 2, 1f);
  }

  private static Tensor filled(double value, long size) {
    return torch.ones(size).mul(new Scalar(value));
  }
}
