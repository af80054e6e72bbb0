package io.mvq.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.metric.LabelledImages;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallLookTest {
  @BeforeEach
  void seed() {
    torch.manual_seed(4);
  }

  /** Bright left halves are class 0, bright lower ones class 1. */
  private static LabelledImages batch() {
    Tensor images = torch.randn(16, 1, 16, 16).mul(new Scalar(0.1));
    images.narrow(0, 0, 8).narrow(3, 0, 8).add_(new Scalar(1.0));
    images.narrow(0, 8, 8).narrow(2, 8, 8).add_(new Scalar(1.0));
    Tensor labels = torch.cat(new TensorVector(Tensors.longZeros(8), Tensors.longZeros(8)), 0);
    labels.narrow(0, 8, 8).fill_(new Scalar(1L));
    return new LabelledImages(images, labels);
  }

  private static SmallLook trained(Lesson lesson, int steps, long seed) {
    torch.manual_seed(1); // of the batches; the look has a generator state of its own seed
    LabelledImages batch = batch();
    return SmallLook.train("halves", lesson, 1, 2, () -> batch, steps, seed);
  }

  private static List<float[]> maps(Look look, Tensor images) {
    return look.maps(images).stream().map(Tensors::floats).toList();
  }

  @Test
  void equalSeedsGiveEqualLooksAndOtherSeedsOthersAndTheCallersGeneratorIsLeftAlone() {
    Tensor images = torch.randn(3, 1, 16, 16);
    for (Lesson lesson : Lesson.values()) {
      List<float[]> once = maps(trained(lesson, 3, 8), images);
      torch.manual_seed(12);
      float expected = torch.rand(1).item_float();
      List<float[]> again = maps(trained(lesson, 3, 8), images);
      assertThat(again).usingRecursiveComparison().isEqualTo(once);
      assertThat(maps(trained(lesson, 3, 9), images)).usingRecursiveComparison().isNotEqualTo(once);
      torch.manual_seed(12);
      SmallLook.untrained(1, 3);
      assertThat(torch.rand(1).item_float()).isEqualTo(expected);
    }
  }

  @Test
  void inBfloat16MapsStayFloat32AndCloseToFloat32s() {
    SmallLook look = SmallLook.untrained(1, 2);
    Tensor images = torch.randn(4, 1, 32, 32).set_requires_grad(true);
    List<Tensor> exact = look.maps(images);
    List<Tensor> rough = look.bfloat16(true).maps(images);
    for (int i = 0; i < exact.size(); i++) {
      assertThat(rough.get(i).scalar_type().intern()).isEqualTo(torch.ScalarType.Float);
      Tensor off = rough.get(i).sub(exact.get(i)).abs().mean();
      assertThat(off.item_double()).isPositive().isLessThan(0.02);
    }
    rough.get(3).square().mean().backward();
    assertThat(images.grad().abs().sum().item_double()).isPositive();
    assertThat(maps(look.bfloat16(false), images.detach()))
        .usingRecursiveComparison()
        .isEqualTo(exact.stream().map(Tensors::floats).toList());
  }

  @Test
  void eachMapHalvesAndOnlyImagesTakeAGradient() {
    for (SmallLook look : List.of(SmallLook.untrained(3, 2), SmallLook.untrained(1, 2))) {
      long channels = look.weights().get("convolution0.weight").size(1);
      Tensor images = torch.randn(2, channels, 32, 32).set_requires_grad(true);
      List<Tensor> maps = look.maps(images);
      long side = 32;
      Tensor sum = images.sum().mul(new Scalar(0.0));
      for (Tensor map : maps) {
        side /= 2;
        assertThat(Shapes.of(map)).endsWith(side, side).startsWith(2);
        sum = sum.add(map.square().mean());
      }
      sum.backward();
      assertThat(images.grad().abs().sum().item_double()).isPositive();
      look.weights()
          .forEach(
              (name, weight) -> {
                assertThat(weight.requires_grad()).as(name).isFalse();
                assertThat(weight.grad().defined()).as(name).isFalse();
              });
    }
  }

  @Test
  void aLessonIsLearned() {
    LabelledImages batch = batch();
    for (Lesson lesson : List.of(Lesson.LABELS, Lesson.ROTATIONS)) {
      assertThat(apart(trained(lesson, 60, 8), batch))
          .as(lesson.name())
          .isGreaterThan(apart(trained(lesson, 0, 8), batch));
    }
  }

  /** Distance of the classes' mean last maps over the spread within a class. */
  private static double apart(SmallLook look, LabelledImages batch) {
    List<Tensor> maps = look.maps(batch.images());
    Tensor last = Lengths.unit(maps.get(maps.size() - 1)).flatten(1, -1);
    Tensor left = last.narrow(0, 0, 8);
    Tensor lower = last.narrow(0, 8, 8);
    Tensor between = left.mean(0).sub(lower.mean(0)).norm();
    return between.div(left.std(0).norm().add(lower.std(0).norm())).item_double();
  }

  @Test
  void rotationsAreTurnedAsTheirAnswersSay() {
    Tensor images = torch.randn(7, 1, 16, 16);
    Lesson.Question question =
        Lesson.ROTATIONS.ask(new LabelledImages(images, Tensors.longZeros(7)));
    assertThat(Tensors.longs(question.answers())).containsExactly(0, 1, 1, 2, 2, 3, 3);
    for (int i = 0; i < 7; i++) {
      long turns = question.answers().select(0, i).item_long();
      Tensor back = torch.rot90(question.images().select(0, i), -turns, 1, 2);
      assertThat(torch.equal(back, images.select(0, i))).isTrue();
    }
  }

  @Test
  void instancesCostLittleWhereBothCutsAreAlikeAndMuchWhereOthersAre() {
    Tensor told = torch.eye(4).repeat(2, 1);
    Lesson.Question none = new Lesson.Question(null, null);
    double alike = Lesson.INSTANCES.loss(told, none).item_double();
    // Of each 7 others one has cosine 1, six have 0; temperature 0.2.
    assertThat(alike)
        .isCloseTo(Math.log(1 + 6 * Math.exp(-5)), org.assertj.core.api.Assertions.within(1e-4));
    Tensor mixed = torch.cat(new TensorVector(torch.eye(4), torch.eye(4).flip(0)), 0);
    assertThat(Lesson.INSTANCES.loss(mixed, none).item_double()).isGreaterThan(alike + 3);
  }

  @Test
  void aSavedLookIsTheSame(@TempDir Path folder) {
    SmallLook look = trained(Lesson.LABELS, 2, 5);
    SmallLook loaded = SmallLook.load(look.name(), look.weights());
    Tensor images = torch.randn(2, 1, 32, 32);
    assertThat(maps(loaded, images)).usingRecursiveComparison().isEqualTo(maps(look, images));
    assertThat(loaded.name()).isEqualTo("small network (halves, labels)");
    assertThatThrownBy(() -> SmallLook.load("x", Map.of()))
        .hasMessage("weights of a small look must have convolution0.weight, got []");
    Map<String, Tensor> some = look.weights();
    some.remove("convolution1.bias");
    assertThatThrownBy(() -> SmallLook.load("x", some)).hasMessageStartingWith("weights must be");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    SmallLook look = SmallLook.untrained(1, 2);
    assertThatThrownBy(() -> look.check(3, 32))
        .hasMessage(
            "small network (untrained, seed 2) sees images of 1 channels, at least 16 pixels wide;"
                + " got 3 channels, 32 wide");
    assertThatThrownBy(() -> look.maps(torch.zeros(1, 1, 8, 8))).hasMessageContaining("got 1");
    assertThatThrownBy(() -> SmallLook.requireImages("look labels", 7))
        .hasMessage(
            "look labels needs at least 8 images, half of the training images, got 7;"
                + " --draw-weight 0 trains without one");
    SmallLook.requireImages("look labels", 8);
  }
}
