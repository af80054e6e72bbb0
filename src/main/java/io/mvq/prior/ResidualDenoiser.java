package io.mvq.prior;

import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A residual network over a whole latent, for the few vectors an image has here. */
final class ResidualDenoiser extends Module implements Denoiser {
  private static final double LONGEST_PERIOD = 10_000; // in steps, as positions in a Transformer

  private final int width;
  private final LinearImpl in;
  private final LinearImpl time;
  private final LayerNormImpl[] norms;
  private final LinearImpl[] times;
  private final LinearImpl[] ins;
  private final LinearImpl[] outs;
  private final LinearImpl out;

  /** Of floats in and out. @param width even */
  ResidualDenoiser(long floats, int width, int blocks) {
    super("ResidualDenoiser");
    this.width = width;
    in = register_module("in", new LinearImpl(floats, width));
    time = register_module("time", new LinearImpl(width, width));
    norms = new LayerNormImpl[blocks];
    times = new LinearImpl[blocks];
    ins = new LinearImpl[blocks];
    outs = new LinearImpl[blocks];
    for (int i = 0; i < blocks; i++) {
      norms[i] = register_module("norm" + i, new LayerNormImpl(new LongVector(new long[] {width})));
      times[i] = register_module("time" + i, new LinearImpl(width, width));
      ins[i] = register_module("in" + i, new LinearImpl(width, 2L * width));
      outs[i] = register_module("out" + i, new LinearImpl(2L * width, width));
    }
    out = register_module("out", new LinearImpl(width, floats));
    try (NoGradGuard guard = new NoGradGuard()) {
      out.weight().zero_(); // begins by guessing no noise, a loss of 1
      out.bias().zero_();
    }
  }

  @Override
  public Tensor noise(Tensor noisy, Tensor step) {
    Tensor when = torch.silu(time.forward(waves(step, noisy)));
    Tensor x = in.forward(noisy);
    for (int i = 0; i < outs.length; i++) {
      Tensor told = norms[i].forward(x).add(times[i].forward(when));
      x = x.add(outs[i].forward(torch.silu(ins[i].forward(told))));
    }
    return out.forward(x);
  }

  /** Steps as sines and cosines of periods from 2 pi to the longest, (n, width). */
  private Tensor waves(Tensor step, Tensor like) {
    long half = width / 2;
    Tensor place = torch.arange(new Scalar(half)).div(new Scalar((double) half));
    Tensor rates = place.mul(new Scalar(-Math.log(LONGEST_PERIOD))).exp();
    Tensor count = like.new_zeros(step.size(0), 1).copy_(step.unsqueeze(1));
    Tensor angles = count.mul(like.new_zeros(1, half).copy_(rates.unsqueeze(0)));
    return torch.cat(new TensorVector(angles.sin(), angles.cos()), 1);
  }
}
