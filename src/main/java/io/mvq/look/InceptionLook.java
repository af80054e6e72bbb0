package io.mvq.look;

import io.mvq.metric.NsfwjsInception;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The Inception-V3 of {@link NsfwjsInception} as a look: its maps after the third and the fifth
 * convolution and after the third mixed block. What it saw no distance on its features may judge.
 */
public final class InceptionLook implements Look {
  /** {@link #name}, without reading it. */
  public static final String NAME = "Inception-V3 (nsfwjs) to mixed2";

  private final NsfwjsInception network;

  /**
   * Reads the network.
   *
   * @param unpacked the folder that holds nsfwjs's {@code package/}
   * @param device where images and maps are
   */
  public InceptionLook(Path unpacked, Device device, ScalarType type) throws IOException {
    network = new NsfwjsInception(unpacked, device, type);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void check(long channels, long side) {
    FetchedImages.check(name(), channels);
  }

  @Override
  public List<Tensor> maps(Tensor images) {
    return network.maps(images);
  }
}
