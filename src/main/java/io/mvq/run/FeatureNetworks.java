package io.mvq.run;

import io.mvq.data.fetch.Packages;
import io.mvq.metric.FidInception;
import io.mvq.metric.NsfwjsInception;
import io.mvq.metric.Resize;
import io.mvq.train.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.Device;

/** Feature networks that come from somewhere else. */
public final class FeatureNetworks {
  private FeatureNetworks() {}

  /** The Inception-V3 of npm's nsfwjs, fetched once (29 MB) and kept in the cache folder. */
  public static NsfwjsInception nsfwjs(Device device) throws IOException {
    return new NsfwjsInception(unpacked(), device);
  }

  /** Where nsfwjs, fetched once, is kept. */
  static Path unpacked() throws IOException {
    return Packages.npm(NsfwjsInception.PACKAGE, NsfwjsInception.VERSION, NsfwjsInception.SHA256);
  }

  /** The FID Inception from a file of safetensors that the user has. */
  public static FidInception fid(Path weights, Resize resize) throws IOException {
    return new FidInception(Safetensors.read(weights).tensors(), resize);
  }
}
