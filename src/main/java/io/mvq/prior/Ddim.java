package io.mvq.prior;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Noise to latents in few steps and without fresh noise (arXiv 2010.02502, equation 12 with sigma
 * 0): in each the latent is estimated, then put back as far as the next step's noise demands.
 *
 * @param schedule that the denoiser was trained with
 * @param steps evenly spread over the schedule's, 1 to all of them
 * @param bound estimates are kept in -bound..bound: at the noisiest steps a small error of the
 *     denoiser would be magnified hundreds of times; infinity keeps all
 */
public record Ddim(NoiseSchedule schedule, int steps, double bound) {
  public Ddim {
    TokenMap.require(
        steps >= 1 && steps <= schedule.steps(),
        "steps",
        "must be in 1.." + schedule.steps() + ", the steps of training",
        steps);
    TokenMap.require(bound > 0, "bound", "must be greater than 0", bound);
  }

  /** Denoises {@code start}, (n, floats) standard normal; returns a new tensor. */
  public Tensor from(Tensor start, Denoiser denoiser) {
    Tensor x = start.clone();
    for (int i = steps - 1; i >= 0; i--) {
      try (PointerScope scope = new PointerScope()) {
        int at = step(i);
        double kept = schedule.kept(at);
        double next = schedule.kept(step(i - 1));
        Tensor step = Tensors.longZeros(x.size(0)).fill_(new Scalar((long) at));
        Tensor noise = denoiser.noise(x, Devices.like(step, x));
        Tensor latent =
            x.sub(noise.mul(new Scalar(Math.sqrt(1 - kept)))).div(new Scalar(Math.sqrt(kept)));
        if (Double.isFinite(bound)) {
          latent = latent.clamp_min(new Scalar(-bound)).clamp_max(new Scalar(bound));
          // The noise that goes with the estimate as it is now.
          noise =
              x.sub(latent.mul(new Scalar(Math.sqrt(kept)))).div(new Scalar(Math.sqrt(1 - kept)));
        }
        x.copy_(
            latent
                .mul(new Scalar(Math.sqrt(next)))
                .add(noise.mul(new Scalar(Math.sqrt(1 - next)))));
      }
    }
    return x;
  }

  /** The schedule's step of the i-th of ours; the last is the schedule's last, -1 is none. */
  private int step(int i) {
    return (int) ((i + 1L) * schedule.steps() / steps) - 1;
  }
}
