package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  @TempDir Path folder;

  @Test
  void theLossFallsAndCallbacksComeWhenDue() throws IOException {
    Toy toy = new Toy(1);
    List<StepReport> all = new ArrayList<>();
    List<Long> some = new ArrayList<>();
    Trainer trainer = new Trainer(toy, Toy.training(250), toy);
    trainer.every(1, all::add).every(100, report -> some.add(report.step()));
    assertThat(trainer.run()).isTrue();
    assertThat(all).hasSize(250);
    assertThat(some).containsExactly(100L, 200L, 250L);
    assertThat(all.get(249).loss()).isLessThan(all.get(0).loss() / 3);
    assertThat(all.get(0).parts().keySet()).containsExactly("error", "size");
    assertThat(all.get(0).parts().get("error")).isEqualTo(all.get(0).loss());
    assertThat(all.get(2).learningRate()).isCloseTo(0.01, within(1e-12));
    assertThat(trainer.run()).isTrue(); // nothing left to do
    assertThat(all).hasSize(250);
  }

  @Test
  void accumulatedBatchesGiveTheGradientOfTheirMean() throws IOException {
    Tensor x = torch.randn(8, 3);
    Training plain = Toy.training(4, 1, 0, 0);
    LinearImpl whole = new LinearImpl(3, 1);
    LinearImpl halves = new LinearImpl(3, 1);
    Checkpoint.copy(Parameters.all(whole), Parameters.all(halves), "whole");
    new Trainer(whole, plain, batch -> Losses.of(square(whole, x))).run();
    Training two = Toy.training(4, 2, 0, 0);
    List<Long> batches = new ArrayList<>();
    new Trainer(
            halves,
            two,
            batch -> {
              batches.add(batch);
              return Losses.of(square(halves, x.narrow(0, batch % 2 * 4, 4)));
            })
        .run();
    assertThat(batches).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(Tensors.floats(halves.weight()))
        .containsExactly(Tensors.floats(whole.weight()), within(1e-5f));
  }

  private static Tensor square(LinearImpl linear, Tensor x) {
    return linear.forward(x).pow(new Scalar(2)).mean();
  }

  @Test
  void aLossThatIsNotFiniteStopsBeforeTheWeightsAreTouched() throws IOException {
    Toy toy = new Toy(1);
    Trainer trainer = new Trainer(toy, Toy.training(20), toy);
    trainer.checkpoints(folder.resolve("c"), Toy.RECIPE, 4);
    trainer.every(1, report -> toy.broken = report.step() == 6);
    assertThatThrownBy(trainer::run)
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("the loss is NaN in step 7 (error ")
        .hasMessageContaining("; the checkpoint of step 4 is in " + folder.resolve("c"))
        .hasMessageEndingWith("Try a lower learningRate, a longer warmup or a smaller clip");
    assertThat(Checkpoint.read(folder.resolve("c")).step()).isEqualTo(4);
    toy.numbers().values().forEach(values -> assertThat(values).noneMatch(v -> v.isNaN()));
  }

  @Test
  void anOpponentJoinsAtItsStepAndIsLoggedUnderItsName() throws IOException {
    Toy toy = new Toy(1);
    Rival rival = new Rival(toy, 2);
    List<Map<String, List<Float>>> weights = new ArrayList<>(List.of(rival.numbers()));
    List<StepReport> reports = new ArrayList<>();
    Trainer trainer = new Trainer(toy, Toy.training(4), toy).against(rival.player());
    trainer.every(1, reports::add).every(1, report -> weights.add(rival.numbers())).run();
    assertThat(weights.get(2)).isEqualTo(weights.get(0));
    assertThat(weights.get(3)).isNotEqualTo(weights.get(2));
    assertThat(reports.get(1).parts().keySet()).containsExactly("error", "size");
    assertThat(reports.get(2).parts().keySet())
        .containsExactly("error", "size", "rival/made", "rival");
    assertThat(reports.get(2).loss()).isEqualTo(reports.get(2).parts().get("error"));
    assertThat(rival.calls()).isEqualTo(2);

    Toy alone = new Toy(1);
    new Rival(alone, 9); // draws as many random numbers
    new Trainer(alone, Toy.training(4), alone).run();
    assertThat(toy.numbers()).isEqualTo(alone.numbers());
  }

  @Test
  void anOpponentsLossThatIsNotFiniteStopsBeforeAnyWeightsAreTouched() {
    Toy toy = new Toy(1);
    Rival rival = new Rival(toy, 0);
    rival.broken = true;
    var before = List.of(toy.numbers().get("in.weight"), rival.numbers());
    Trainer trainer = new Trainer(toy, Toy.training(4), toy).against(rival.player());
    assertThatThrownBy(trainer::run)
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("the rival's loss is NaN in step 1 (made ");
    assertThat(List.of(toy.numbers().get("in.weight"), rival.numbers())).isEqualTo(before);
  }

  @Test
  void aGradientThatIsNotFiniteStopsToo() {
    LinearImpl linear = new LinearImpl(2, 1);
    Tensor zero = torch.zeros(1, 2);
    Trainer trainer =
        new Trainer(
            linear,
            Toy.training(5),
            batch -> Losses.of(linear.forward(zero).sub(linear.bias()).abs().sqrt().mean()));
    float[] before = Tensors.floats(linear.weight());
    assertThatThrownBy(trainer::run)
        .hasMessageStartingWith("the loss is 0.0 but the gradients' norm is NaN in step 1; there");
    assertThat(Tensors.floats(linear.weight())).isEqualTo(before);
  }

  @Test
  void gradientsAreClippedToTheirGlobalNormAndReportedUnclipped() {
    LinearImpl linear = new LinearImpl(2, 1);
    WeightUpdate update =
        new WeightUpdate(Parameters.trained(linear), Toy.training(5, 1, 0.5, 0.999));
    linear.forward(Tensors.of(new float[] {30, 40}, 1, 2)).sum().mul(new Scalar(2.0)).backward();
    // The gradient is (60, 80) and 2 for the bias.
    assertThat(update.clip()).isCloseTo(Math.sqrt(10_004), within(1e-3));
    assertThat(Tensors.scalar(linear.weight().grad().norm())).isCloseTo(0.5, within(1e-3));
    assertThat(linear.bias().grad().item_double()).isCloseTo(0.01, within(1e-4));
  }

  @Test
  void evaluationUsesTheAverageAndDisturbsNothing() throws IOException {
    Toy toy = new Toy(1);
    Trainer trainer = new Trainer(toy, Toy.training(6), toy);
    trainer.run();
    Map<String, List<Float>> trained = toy.numbers();
    Map<String, List<Float>> average = Toy.numbers(trainer.checkpoint(Toy.RECIPE).average());
    Tensor random = RandomState.save();
    Map<String, List<Float>> seen =
        trainer.evaluate(
            () -> {
              torch.rand(3);
              assertThat(toy.is_training()).isFalse();
              return toy.numbers();
            });
    assertThat(seen.get("in.weight")).isEqualTo(average.get("in.weight"));
    assertThat(seen.get("in.weight")).isNotEqualTo(trained.get("in.weight"));
    assertThat(toy.numbers()).isEqualTo(trained);
    assertThat(toy.is_training()).isTrue();
    assertThat(torch.equal(RandomState.save(), random)).isTrue();
  }

  @Test
  void theAverageFollowsItsFormula() {
    LinearImpl linear = new LinearImpl(1, 1);
    Map<String, Tensor> parameters = Parameters.trained(linear);
    float start = Tensors.floats(linear.weight())[0];
    WeightAverage average = new WeightAverage(parameters, 0.5);
    linear.weight().data().fill_(new Scalar(10.0));
    average.update(0); // decay (1 + 0) / (10 + 0)
    assertThat(Tensors.floats(average.tensors().get("weight"))[0])
        .isCloseTo(0.1f * start + 9, within(1e-5f));
    average.update(1000); // decay 0.5
    assertThat(Tensors.floats(average.tensors().get("weight"))[0])
        .isCloseTo(0.05f * start + 9.5f, within(1e-5f));
    assertThat(new WeightAverage(parameters, 0).tensors()).isEmpty();
  }

  @Test
  void interruptingTheProgramCheckpointsFirst() throws Exception {
    Path checkpoint = folder.resolve("c");
    Process process =
        new ProcessBuilder(
                "env",
                "--default-signal=INT", // a build in the background ignores it, and so would this
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Endless.class.getName(),
                checkpoint.toString())
            .redirectErrorStream(true)
            .start();
    var lines = process.inputReader();
    assertThat(lines.readLine()).isEqualTo("training");
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue(); // a machine may be busy
    assertThat(lines.lines()).isEmpty();
    assertThat(Checkpoint.read(checkpoint).step()).isGreaterThanOrEqualTo(3);
  }

  /**
   * Trains for ever, or until a test that was itself killed would be over; tells when it has begun.
   */
  static final class Endless {
    public static void main(String[] arguments) throws IOException {
      Thread deadline = new Thread(Endless::endInTwoMinutes);
      deadline.setDaemon(true);
      deadline.start();
      Toy toy = new Toy(1);
      new Trainer(toy, Toy.training(1_000_000_000), toy)
          .checkpoints(Path.of(arguments[0]), Toy.RECIPE, 1_000_000)
          .every(
              1,
              report -> {
                if (report.step() == 3) {
                  System.out.println("training");
                }
              })
          .run();
    }

    private static void endInTwoMinutes() {
      try {
        TimeUnit.MINUTES.sleep(2);
      } catch (InterruptedException e) {
        return;
      }
      Runtime.getRuntime().halt(1);
    }
  }
}
