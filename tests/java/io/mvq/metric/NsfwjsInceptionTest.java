package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.data.fetch.Packages;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network gives what TensorFlow.js gives with the same weights. */
class NsfwjsInceptionTest {
  private static final int SIDE = 64;
  private static Path unpacked;
  private static NsfwjsInception network;

  @BeforeAll
  static void theNetworkIsRead() throws IOException {
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
    return images(SIDE);
  }

  private static Tensor images(int side) {
    float[] pixels = new float[2 * 3 * side * side];
    for (int i = 0; i < 2; i++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < side; y++) {
          for (int x = 0; x < side; x++) {
            int value = (7 * y + 13 * x + 101 * c + 57 * i + x * y) % 256;
            pixels[((i * 3 + c) * side + y) * side + x] = value / 255f * 2 - 1;
          }
        }
      }
    }
    return Tensors.of(pixels, 2, 3, side, side);
  }

  @Test
  void featuresAreThoseOfTensorFlow() throws IOException {
    Tensor got = network.features(images());
    assertThat(got.size(0)).isEqualTo(2);
    List<String> golden = Files.readAllLines(Path.of("tests/golden/inception-mixed5.txt"));
    for (int i = 0; i < 2; i++) {
      agree(got.get(i), golden.get(i + 1));
    }
  }

  /** The blocks that only the FID network goes through, but for its last pool. */
  @Test
  void laterBlocksAreWiredAsTensorFlows() throws IOException {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Inception whole =
          Inception.whole(
              new NsfwjsInception.KerasOrder(
                  TfjsWeights.read(
                      unpacked.resolve(NsfwjsInception.MODEL), NsfwjsInception.WEIGHTS),
                  Devices.cpu()));
      Tensor input = images(139).add(new Scalar(1)).mul(new Scalar(0.5));
      List<Tensor> maps = whole.maps(input);
      assertThat(maps).hasSize(2 + 11);
      Tensor mixed9 = maps.get(2 + 9);
      assertThat(Shapes.of(mixed9)).containsExactly(2, 2048, 3, 3);
      List<String> golden = Files.readAllLines(Path.of("tests/golden/inception-mixed9.txt"));
      agree(mixed9.mean(2, 3).get(0), golden.get(1));
    }
  }

  @Test
  void oneFlippedBitOfACachedWeightIsFound(@TempDir Path copy) throws IOException {
    Path model = unpacked.resolve(NsfwjsInception.MODEL);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(model)) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path shard = copy.resolve("group1-shard3of6.min.js");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1; // still base64
    Files.write(shard, bytes);
    assertThatThrownBy(() -> TfjsWeights.read(copy, NsfwjsInception.WEIGHTS))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(copy + " does not hold the weights that were fetched")
        .hasMessageEndingWith("delete the package's folder, and it is fetched anew");
  }

  private static void agree(Tensor features, String golden) {
    double[] want = Arrays.stream(golden.split(" ")).mapToDouble(Double::parseDouble).toArray();
    double largest = Arrays.stream(want).map(Math::abs).max().orElseThrow();
    float[] got = Tensors.floats(features);
    assertThat(got).hasSameSizeAs(want);
    for (int j = 0; j < want.length; j++) {
      assertThat((double) got[j]).as("feature %d", j).isCloseTo(want[j], within(1e-4 * largest));
    }
  }

  @Test
  void greyImagesAreThoseWithThreeEqualChannels() {
    Tensor grey = images().narrow(1, 0, 1);
    Tensor colours = torch.cat(new TensorVector(grey, grey, grey), 1);
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
  void wrongImagesAndFoldersAreRefused(@TempDir Path empty) throws IOException {
    assertThatThrownBy(() -> network.features(Tensors.zeros(1, 2, 64, 64)))
        .hasMessage("images must have 1 or 3 channels, got 2");
    assertThatThrownBy(() -> new NsfwjsInception(empty, Devices.cpu()))
        .isInstanceOf(NoSuchFileException.class);
    Files.createDirectories(empty.resolve(NsfwjsInception.MODEL));
    assertThatThrownBy(() -> new NsfwjsInception(empty, Devices.cpu()))
        .hasMessageContaining("the SHA-256 of its 0 scripts is e3b0c44298fc..., not");
  }
}
