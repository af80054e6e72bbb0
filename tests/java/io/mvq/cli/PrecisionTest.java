package io.mvq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.run.Run;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** {@code mvq train --precision}. */
class PrecisionTest extends TrainedRun {
  private static final String[] BF16 = {"--precision", "bf16", "--prior-precision", "bf16"};

  private static Call trained(Path out, String... more) {
    List<String> all = new ArrayList<>(List.of(BF16));
    all.addAll(List.of("--evaluate-every", "6"));
    all.addAll(List.of(more));
    return train(out, all.toArray(String[]::new));
  }

  private static Map<String, Tensor> weights(Path of) throws IOException {
    return Checkpoint.read(Run.checkpoint(new Run(of).autoencoderFolder())).weights();
  }

  private static double heldOut(Path of) throws IOException {
    Map<String, Double> last =
        RunLog.read(new Run(of).autoencoderFolder().resolve(RunLog.CSV)).stream()
            .filter(row -> row.step() == 6)
            .collect(Collectors.toMap(RunLog.Row::name, RunLog.Row::value));
    return last.get("held-out/loss/reconstruction");
  }

  @Test
  void bf16TrainsEverySystemInFloat32WeightsNearThoseOfFloat32() throws IOException {
    assumeTrue(Autocast.refusal(Devices.cpu()) == null, "this CPU has no bfloat16");
    Path half = home.resolve("half");
    assertThat(trained(half, "--mask-prior", "bernoulli").err()).isEmpty();
    Map<String, Tensor> whole = weights(run);
    Map<String, Tensor> halves = weights(half);
    assertThat(halves.keySet()).isEqualTo(whole.keySet());
    assertThat(halves.values())
        .noneMatch(weight -> weight.scalar_type().intern() == ScalarType.BFloat16);
    String last = "encoder.row.out.weight";
    assertThat(Tensors.floats(halves.get(last))).isNotEqualTo(Tensors.floats(whole.get(last)));
    assertThat(heldOut(half)).isBetween(heldOut(run) * 0.9, heldOut(run) * 1.1);
    assertThat(call("sample", half.toString(), "--count", "2").err()).isEmpty();
    assertThat(call("info", half.toString()).out()).contains("--precision bf16");
    assertThat(trained(home.resolve("levels"), "--architecture", "hierarchy").err()).isEmpty();
    assertThat(trained(home.resolve("latents"), "--architecture", "continuous").err()).isEmpty();
  }

  @Test
  void equalBf16RunsHaveEqualBytes() throws IOException {
    assumeTrue(Autocast.refusal(Devices.cpu()) == null, "this CPU has no bfloat16");
    Path one = home.resolve("one");
    Path other = home.resolve("other");
    assertThat(trained(one).err()).isEmpty();
    assertThat(trained(other).err()).isEmpty();
    for (String stage : List.of("autoencoder", "prior")) {
      String file = stage + "/checkpoint/model.safetensors";
      assertThat(Files.mismatch(one.resolve(file), other.resolve(file))).as(stage).isNegative();
    }
  }

  @Test
  void aBf16RunThatIsStoppedAndResumedHasTheBytesOfOneThatWasNot() throws IOException {
    assumeTrue(Autocast.refusal(Devices.cpu()) == null, "this CPU has no bfloat16");
    Path whole = home.resolve("unbroken");
    assertThat(trained(whole).err()).isEmpty();
    for (int steps : new int[] {3, 6 + 1}) { // of the autoencoder's 6, and 1 of the prior's 3
      Path stopped = home.resolve("stopped-" + steps);
      trainUntil(steps, stopped, new Run(whole).recipe());
      assertThat(call("train", "--out", stopped.toString(), "--resume", "--progress", "NONE").err())
          .isEmpty();
      for (String stage : List.of("autoencoder", "prior")) {
        String file = stage + "/checkpoint/model.safetensors";
        assertThat(Files.mismatch(whole.resolve(file), stopped.resolve(file)))
            .as("%s, stopped after %d steps", stage, steps)
            .isNegative();
      }
    }
  }

  @Test
  void anotherPrecisionIsRefusedByItsName() {
    assertThat(train(home.resolve("none"), "--precision", "fp8").err())
        .startsWith("mvq: --precision must be one of [float32, bf16], got fp8");
  }
}
