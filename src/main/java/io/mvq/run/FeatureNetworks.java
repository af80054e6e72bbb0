package io.mvq.run;

import io.mvq.data.Packages;
import io.mvq.metric.NsfwjsInception;
import java.io.IOException;
import org.bytedeco.pytorch.Device;

/** Feature networks that come from somewhere else. */
public final class FeatureNetworks {
  private FeatureNetworks() {}

  /** The Inception-V3 of npm's nsfwjs, fetched once (29 MB) and kept in the cache folder. */
  public static NsfwjsInception nsfwjs(Device device) throws IOException {
    return new NsfwjsInception(
        Packages.npm(NsfwjsInception.PACKAGE, NsfwjsInception.VERSION, NsfwjsInception.SHA256),
        device);
  }
}
