package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.data.Packages;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network gives what TensorFlow.js gives with the same weights. */
class NsfwjsInceptionTest {
  private static final int SIDE = 64;
  private static NsfwjsInception network;

  @BeforeAll
  static void theNetworkIsRead() throws IOException {
    Path unpacked = null;
    String why = "";
    try {
      unpacked =
          Packages.npm(NsfwjsInception.PACKAGE, NsfwjsInception.VERSION, NsfwjsInception.SHA256);
    } catch (IOException e) {
      why = e.getMessage();
      System.out.println("tests of the nsfwjs network skipped: " + why);
    }
    assumeTrue(unpacked != null, why);
    network = new NsfwjsInception(unpacked, Devices.cpu());
  }

  /** The two images of the golden file, (2, 3, 64, 64) in [-1, 1]. */
  private static Tensor images() {
    float[] pixels = new float[2 * 3 * SIDE * SIDE];
    for (int i = 0; i < 2; i++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            int value = (7 * y + 13 * x + 101 * c + 57 * i + x * y) % 256;
            pixels[((i * 3 + c) * SIDE + y) * SIDE + x] = value / 255f * 2 - 1;
          }
        }
      }
    }
    return Tensors.of(pixels, 2, 3, SIDE, SIDE);
  }

  @Test
  void featuresAreThoseOfTensorFlow() throws IOException {
    List<String> golden = Files.readAllLines(Path.of("tests/golden/inception-mixed5.txt"));
    float[] got = Tensors.floats(network.features(images()));
    assertThat(got).hasSize(2 * 768);
    for (int i = 0; i < 2; i++) {
      double[] want =
          Arrays.stream(golden.get(i + 1).split(" ")).mapToDouble(Double::parseDouble).toArray();
      double largest = Arrays.stream(want).map(Math::abs).max().orElseThrow();
      for (int j = 0; j < 768; j++) {
        assertThat((double) got[i * 768 + j])
            .as("image %d, feature %d", i, j)
            .isCloseTo(want[j], org.assertj.core.data.Offset.offset(1e-4 * largest));
      }
    }
  }

  @Test
  void greyImagesAreThoseWithThreeEqualChannels() {
    Tensor grey = images().narrow(1, 0, 1);
    Tensor colours = torch.cat(new org.bytedeco.pytorch.TensorVector(grey, grey, grey), 1);
    assertThat(torch.equal(network.features(grey), network.features(colours))).isTrue();
  }

  @Test
  void aPerceptualDistanceIsZeroForEqualImagesAndHasAGradientForOthers() {
    PerceptualDistance look = new PerceptualDistance(network);
    Tensor a = images();
    Tensor b = a.mul(new Scalar(0.5)).set_requires_grad(true);
    assertThat(look.distance(a, a).item_double()).isZero();
    Tensor apart = look.distance(a, b);
    assertThat(apart.item_double()).isPositive();
    apart.backward();
    assertThat(b.grad().abs().sum().item_double()).isPositive();
  }

  @Test
  void wrongImagesAndFoldersAreRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> network.features(Tensors.zeros(1, 2, 64, 64)))
        .hasMessage("images must have 1 or 3 channels, got 2");
    assertThatThrownBy(() -> new NsfwjsInception(empty, Devices.cpu()))
        .hasMessageContaining("no model.min.js in");
  }
}
