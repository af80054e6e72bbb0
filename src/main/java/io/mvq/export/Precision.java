package io.mvq.export;

import io.mvq.run.Part;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How many bits exported weights have. */
public enum Precision {
  /** As they were trained: the same bits come out. */
  F32("float32", ScalarType.Float),
  /** Rounded to 8 significant bits: half the size. */
  BF16("bfloat16", ScalarType.BFloat16);

  private final String dtype;
  private final ScalarType type;

  Precision(String dtype, ScalarType type) {
    this.dtype = dtype;
    this.type = type;
  }

  /** Its name in {@code config.json}. */
  public String dtype() {
    return dtype;
  }

  /** The part with its floats so; whole numbers stay. */
  Part of(Part part) {
    Map<String, Tensor> weights = new TreeMap<>();
    part.weights()
        .forEach(
            (name, tensor) ->
                weights.put(
                    name,
                    tensor.scalar_type().intern() == ScalarType.Float ? tensor.to(type) : tensor));
    return new Part(part.recipe(), part.step(), weights, part.source());
  }
}
