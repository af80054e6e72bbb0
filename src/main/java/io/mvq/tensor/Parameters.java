package io.mvq.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** A module's tensors by their dotted names, in registration order. */
public final class Parameters {
  private Parameters() {}

  /**
   * Registers state that is saved but not trained, and returns it. What LibTorch's own {@code
   * register_buffer} returns dangles once the module registers another one.
   */
  public static Tensor buffer(Module module, String name, Tensor value) {
    module.register_buffer(name, value);
    return value;
  }

  /** What the optimizer trains. */
  public static Map<String, Tensor> trained(Module module) {
    return named(module.named_parameters(true));
  }

  /** State that is saved but not trained, such as EMA codebooks. */
  public static Map<String, Tensor> buffers(Module module) {
    return named(module.named_buffers(true));
  }

  /** Parameters and buffers: everything a checkpoint needs of a module. */
  public static Map<String, Tensor> all(Module module) {
    Map<String, Tensor> all = trained(module);
    all.putAll(buffers(module));
    return all;
  }

  /** How many numbers the optimizer trains. */
  public static long count(Module module) {
    return trained(module).values().stream().mapToLong(Tensor::numel).sum();
  }

  private static Map<String, Tensor> named(StringTensorDict dict) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    StringVector names = dict.keys();
    TensorVector tensors = dict.values();
    for (long i = 0; i < names.size(); i++) {
      // A copy of the handle: get(i) points into the vector and would dangle once that is
      // collected.
      named.put(names.get(i).getString(), new Tensor(tensors.get(i)));
    }
    return named;
  }
}
