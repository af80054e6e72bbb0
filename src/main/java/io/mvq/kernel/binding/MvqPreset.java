package io.mvq.kernel.binding;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Tells JavaCPP how to generate {@code MvqNative} from {@code mvq.h} at build time. */
@Properties(
    value = {
      @Platform(include = "mvq.h", link = "mvq"),
      // The classifier with CUDA code: where its jar is there too, it is loaded first.
      @Platform(value = "linux", extension = "-gpu")
    },
    target = "io.mvq.kernel.binding",
    global = "io.mvq.kernel.binding.MvqNative")
public class MvqPreset implements InfoMapper {
  @Override
  public void map(InfoMap infoMap) {
    infoMap.put(new Info("MVQ_API").cppTypes().annotations());
  }
}
