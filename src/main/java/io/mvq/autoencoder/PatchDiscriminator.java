package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LeakyReLUOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Judges patches of an image, real or made: PatchGAN (arXiv 1611.07004, section 3.2.2) with three
 * halvings, so that a patch is 70 pixels wide. Its layers are normalised by their spectra ({@link
 * SpectralNorm}) in place of their outputs by batches: it sees real and made images apart, whose
 * statistics alone would give them away.
 */
public final class PatchDiscriminator extends Module {
  private static final int HALVINGS = 3;

  private final ImageShape shape;
  private final List<Conv2dImpl> layers = new ArrayList<>();
  private final List<SpectralNorm> norms = new ArrayList<>();

  /** For images of a shape. @param width channels of the first layer, at most 8 times as many */
  public PatchDiscriminator(ImageShape shape, int width) {
    super("PatchDiscriminator");
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    if (shape.side() < 32) {
      throw new IllegalArgumentException(
          "side must be at least 32 for a discriminator of patches, got " + shape.side());
    }
    this.shape = shape;
    long in = shape.channels();
    for (int i = 0; i <= HALVINGS; i++) {
      long out = (long) width << i;
      add("layer" + i, i < HALVINGS ? Convolutions.halve(in, out) : Convolutions.wide(in, out));
      in = out;
    }
    add("verdict", Convolutions.wide(in, 1));
  }

  private void add(String name, Conv2dImpl layer) {
    layers.add(register_module(name, layer));
    norms.add(new SpectralNorm(this, name, layer));
  }

  /** (n, channels, side, side) to logits (n, 1, p, p), p {@link #patches}: above 0 for real. */
  public Tensor forward(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, shape.channels(), shape.side(), shape.side());
    Tensor x = images;
    for (int i = 0; i < layers.size(); i++) {
      x = i == 0 ? x : leaky(x);
      long stride = i < HALVINGS ? 2 : 1;
      x = Convolutions.run(norms.get(i).weight(), layers.get(i).bias(), stride, x);
    }
    return x;
  }

  /** Follows the weights as they are trained: once a step, before its passes. */
  public void refine() {
    norms.forEach(SpectralNorm::refine);
  }

  /** Patches along a side. */
  public int patches() {
    return (shape.side() >> HALVINGS) - 2;
  }

  private static Tensor leaky(Tensor x) {
    LeakyReLUOptions options = new LeakyReLUOptions();
    options.negative_slope().put(0.2);
    return torch.leaky_relu(x, options);
  }
}
