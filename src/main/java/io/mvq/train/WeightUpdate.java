package io.mvq.train;

import io.mvq.setting.Limits;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.ArchiveWriter;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Gradients to new weights: clipping by the global norm, the learning rate's schedule, AdamW.
 * Weight decay spares biases, norms' scales and everything else of fewer than two dimensions.
 */
public final class WeightUpdate {
  private final TensorVector parameters = new TensorVector();
  private final AdamW optimizer;
  private final Schedule schedule;
  private final double clip;

  /** For these parameters, as the recipe says, with AdamW's usual first decay of 0.9. */
  public WeightUpdate(Map<String, Tensor> trained, Training training) {
    this(trained, training, 0.9);
  }

  /** The same with another first decay: games are steadier with less momentum. */
  public WeightUpdate(Map<String, Tensor> trained, Training training, double beta1) {
    Limits.belowOne("beta1", beta1);
    if (trained.isEmpty()) {
      throw new IllegalArgumentException("there are no parameters to train");
    }
    TensorVector decayed = new TensorVector();
    TensorVector spared = new TensorVector();
    for (Tensor parameter : trained.values()) {
      parameters.push_back(parameter);
      (Shapes.of(parameter).length >= 2 ? decayed : spared).push_back(parameter);
    }
    optimizer = new AdamW(decayed, options(training, beta1, training.weightDecay()));
    optimizer.add_param_group(new OptimizerParamGroup(spared, options(training, beta1, 0)));
    schedule = Schedule.of(training);
    clip = training.clip() > 0 ? training.clip() : Double.POSITIVE_INFINITY;
  }

  private static AdamWOptions options(Training training, double beta1, double decay) {
    AdamWOptions options = new AdamWOptions(training.learningRate());
    // The preset shows a C++ tuple as an array, and tuples lie backwards in memory: 0 is beta2.
    options.betas().put(1, beta1);
    options.betas().put(0, training.beta2());
    options.weight_decay().put(decay);
    return options;
  }

  /** The learning rate of a step, counted from 0. */
  public double learningRate(long step) {
    return schedule.at(step);
  }

  /** Clips the gradients in place and returns their norm before: NaN or infinite if any is. */
  public double clip() {
    return torch.clip_grad_norm_(parameters, clip, 2.0, false);
  }

  /** One AdamW step with the gradients there are; then forgets them. */
  public void apply(long step) {
    for (long i = 0; i < optimizer.param_groups().size(); i++) {
      optimizer.param_groups().get(i).options().set_lr(schedule.at(step));
    }
    optimizer.step();
    zeroGradients();
  }

  /** Forgets the gradients. */
  public void zeroGradients() {
    optimizer.zero_grad(true);
  }

  /** AdamW's moments and step counts as LibTorch serialises them, in a uint8 tensor. */
  public Tensor state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PointerScope scope = new PointerScope();
        ArchiveWriter writer = new Collector(bytes)) {
      OutputArchive archive = new OutputArchive();
      optimizer.save(archive);
      archive.save_to(writer);
    }
    return Tensors.of(bytes.toByteArray(), bytes.size());
  }

  /** Continues from {@link #state}; the parameters must be the same in number and shape. */
  public void restore(Tensor state) {
    byte[] bytes = Tensors.bytes(state);
    try (PointerScope scope = new PointerScope()) {
      InputArchive archive = new InputArchive();
      Device device = parameters.get(0).device(); // the state may be of another
      archive.load_from(new BytePointer(bytes), bytes.length, new DeviceOptional(device));
      optimizer.load(archive);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "the saved optimizer state is damaged or of other parameters: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  private static final class Collector extends ArchiveWriter {
    private final ByteArrayOutputStream out;

    Collector(ByteArrayOutputStream out) {
      this.out = out;
    }

    @Override
    public long call(Pointer data, long size) {
      byte[] chunk = new byte[Math.toIntExact(size)];
      if (chunk.length > 0) {
        new BytePointer(data).capacity(size).get(chunk);
      }
      out.writeBytes(chunk);
      return size;
    }
  }
}
