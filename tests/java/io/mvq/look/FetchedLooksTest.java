package io.mvq.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.data.fetch.Packages;
import io.mvq.metric.NsfwjsInception;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FetchedLooksTest {
  private static Path unpacked;

  @BeforeAll
  static void theNetworksAreFetched() {
    String why = "";
    try {
      unpacked =
          Packages.npm(NsfwjsInception.PACKAGE, NsfwjsInception.VERSION, NsfwjsInception.SHA256);
    } catch (IOException e) {
      why = e.getMessage();
      System.out.println("tests of fetched looks skipped: " + why);
    }
    assumeTrue(unpacked != null, why);
  }

  private static List<Look> looks(ScalarType type) throws IOException {
    return List.of(
        new MobileNetLook(unpacked, Devices.cpu(), type),
        new InceptionLook(unpacked, Devices.cpu(), type));
  }

  private static Tensor pull(Look look, Tensor images) {
    Tensor seen = images.detach().set_requires_grad(true);
    Tensor sum = null;
    for (Tensor map : look.maps(seen)) {
      Tensor part = Lengths.unit(map).select(1, 0).mean();
      sum = sum == null ? part : sum.add(part);
    }
    sum.backward();
    return seen.grad();
  }

  @Test
  void mapsAreFloatsAndGreyImagesAndSmallOnesAreSeen() throws IOException {
    torch.manual_seed(1);
    for (Look look : looks(ScalarType.BFloat16)) {
      Tensor grey = torch.rand(2, 1, 64, 64).mul(new Scalar(2.0)).sub(new Scalar(1.0));
      List<Tensor> once = look.maps(grey);
      List<Tensor> colours = look.maps(grey.expand(-1, 3, -1, -1));
      for (int i = 0; i < once.size(); i++) {
        assertThat(once.get(i).scalar_type().intern()).isEqualTo(ScalarType.Float);
        assertThat(once.get(i).requires_grad()).isFalse();
        assertThat(torch.equal(once.get(i), colours.get(i))).isTrue();
      }
      assertThat(look.maps(torch.zeros(1, 3, 16, 16))).hasSameSizeAs(once);
      look.check(3, 64);
      assertThatThrownBy(() -> look.check(2, 64))
          .hasMessage(look.name() + " sees images of 1 or 3 channels, got 2 channels");
    }
    Look mobile = looks(ScalarType.Float).get(0);
    assertThat(mobile.maps(torch.zeros(1, 3, 64, 64)).stream().map(Shapes::of))
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new long[] {1, 32, 32, 32},
                new long[] {1, 24, 16, 16},
                new long[] {1, 32, 8, 8},
                new long[] {1, 96, 4, 4}));
  }

  @Test
  void halfPrecisionSeesAlmostTheSameAndPullsTheSameWay() throws IOException {
    torch.manual_seed(2);
    Tensor images = torch.rand(2, 3, 64, 64).mul(new Scalar(2.0)).sub(new Scalar(1.0));
    for (int i = 0; i < 2; i++) {
      Look exact = looks(ScalarType.Float).get(i);
      Look half = looks(ScalarType.BFloat16).get(i);
      List<Tensor> maps = exact.maps(images);
      for (int m = 0; m < maps.size(); m++) {
        Tensor apart = Lengths.unit(maps.get(m)).sub(Lengths.unit(half.maps(images).get(m)));
        assertThat(apart.square().sum(1).sqrt().mean().item_double())
            .as(exact.name() + " map " + m)
            .isLessThan(0.15);
      }
      Tensor one = pull(exact, images).flatten();
      Tensor other = pull(half, images).flatten();
      double cosine = one.dot(other).div(one.norm().mul(other.norm())).item_double();
      assertThat(cosine).as(exact.name()).isGreaterThan(0.8);
    }
  }
}
