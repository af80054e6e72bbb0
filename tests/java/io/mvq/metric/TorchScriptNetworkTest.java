package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptNetworkTest {
  @TempDir Path folder;

  @Test
  void featuresAreWhatForwardGives() {
    TorchScriptNetwork network =
        new TorchScriptNetwork(script("def forward(self, x):\n  return x.mean([2, 3]) * 2\n"), 4);
    assertThat(network.width()).isEqualTo(3);
    assertThat(network.name()).isEqualTo("TorchScript features.pt");
    Tensor grey = Tensors.of(new float[] {1, 2, 3, 6}, 1, 1, 2, 2);
    assertThat(Tensors.floats(network.features(grey))).containsExactly(6, 6, 6);
    assertThatThrownBy(() -> network.features(Tensors.zeros(1, 2, 4, 4)))
        .hasMessage("images must have 1 or 3 channels, got 2");
  }

  @Test
  void scriptsWithAFeatureSwitchAreGivenBytesAndAskedForFeatures() {
    TorchScriptNetwork network =
        new TorchScriptNetwork(
            script(
                """
                def forward(self, img, return_features: bool = False):
                  assert img.dtype == 0, "uint8 wanted"
                  if return_features:
                    return img.float().amax([2, 3])
                  return img.float().mean([1, 2])
                """),
            4);
    assertThat(network.width()).isEqualTo(3);
    // 0.99 is 253.7 of 255, 1.2 more than white; the largest of each channel.
    Tensor images = Tensors.of(new float[] {-1, 0.99f, 0, 0.2f, 1.2f, -3}, 1, 3, 1, 2);
    assertThat(Tensors.floats(network.features(images))).containsExactly(254, 153, 255);
    assertThat(Tensors.floats(network.features(images.narrow(1, 2, 1))))
        .containsExactly(255, 255, 255);
  }

  @Test
  void mapsAndSeveralTensorsAreRefused() {
    Path maps = script("def forward(self, x):\n  return x\n");
    assertThatThrownBy(() -> new TorchScriptNetwork(maps, 4))
        .hasMessage(
            "features of TorchScript features.pt must have shape (1, any), got (1, 3, 4, 4)");
    Path pair = script("def forward(self, x):\n  return x, x\n");
    assertThatThrownBy(() -> new TorchScriptNetwork(pair, 4))
        .hasMessage("TorchScript features.pt must give one tensor (n, d), not several");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path none = folder.resolve("none.pt");
    assertThatThrownBy(() -> new TorchScriptNetwork(none, 4))
        .hasMessage(none + " must be a TorchScript file, there is none");
    Path text = Files.writeString(folder.resolve("text.pt"), "not a script");
    assertThatThrownBy(() -> new TorchScriptNetwork(text, 4))
        .hasMessageStartingWith(text + " must be a TorchScript file: ")
        .hasMessageNotContaining("\n");
  }

  private Path script(String forward) {
    Path file = folder.resolve("features.pt");
    JitModule module = new JitModule(new QualifiedName("Features"));
    module.define(forward);
    module.save(file.toString());
    return file;
  }
}
