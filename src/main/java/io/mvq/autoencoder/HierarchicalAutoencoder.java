package io.mvq.autoencoder;

import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Shapes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A model of two levels (VQ-VAE-2, arXiv 1906.00446, section 3.1): the top level sees the image at
 * half the bottom level's resolution; the bottom level encodes what is left, knowing the top's
 * vectors; the decoder sees both. Tokens are the top's, then the bottom's.
 */
public final class HierarchicalAutoencoder extends TokenAutoencoder {
  private final ImageShape shape;
  private final Bottleneck top;
  private final Bottleneck bottom;
  private final Down down;
  private final Down downTop;
  private final MapToRow topRow;
  private final RowToMap topMap;
  private final Up upTop;
  private final MapToRow bottomRow;
  private final RowToMap bottomMap;
  private final Conv2dImpl join;
  private final Up up;
  private final int[] codes;

  /**
   * The model.
   *
   * @param convolutions base width of the convolutions
   * @param topGrid side of the top's map whose positions are its tokens, half of the bottom's map;
   *     0 for tokens of the whole image
   * @param bottomGrid side of the bottom's map whose positions are its tokens; 0 for tokens of the
   *     whole image, made from an 8x8 map
   * @param top may have masks
   * @param bottom must have none
   */
  public HierarchicalAutoencoder(
      ImageShape shape,
      int convolutions,
      int topGrid,
      int bottomGrid,
      Bottleneck top,
      Bottleneck bottom) {
    super("HierarchicalAutoencoder");
    int side = bottomGrid == 0 ? shape.smallestBottom() : Encoder.side(shape, bottomGrid);
    if (side < 4 || side % 2 != 0) {
      throw new IllegalArgumentException(
          "bottomGrid must be 0 or an even number from 4 on, got " + bottomGrid);
    }
    if (topGrid != 0 && topGrid != side / 2) {
      throw new IllegalArgumentException(
          "topGrid must be 0 or half of the bottom's map, " + side / 2 + ", got " + topGrid);
    }
    if (bottom.winners() > 0) {
      throw new IllegalArgumentException(
          "bottom must have no masks, got " + bottom.winners() + " a row; let top have them");
    }
    this.shape = shape;
    long channels = Down.channels(side, convolutions);
    long topChannels = Down.channels(side / 2, convolutions);
    boolean grid = bottomGrid > 0;
    down = register_module("down", new Down(shape.channels(), shape.side(), side, convolutions));
    downTop = register_module("downTop", new Down(channels, side, side / 2, convolutions));
    topRow =
        register_module("topRow", new MapToRow(topChannels, side / 2, topGrid > 0, top.inputs()));
    this.top = register_module("top", top);
    topMap =
        register_module("topMap", new RowToMap(top.outputs(), topChannels, side / 2, topGrid > 0));
    upTop = register_module("upTop", new Up(side / 2, side, convolutions, channels));
    bottomRow =
        register_module("bottomRow", new MapToRow(2 * channels, side, grid, bottom.inputs()));
    this.bottom = register_module("bottom", bottom);
    bottomMap = register_module("bottomMap", new RowToMap(bottom.outputs(), channels, side, grid));
    join = register_module("join", Convolutions.same(2 * channels, channels));
    up = register_module("up", new Up(side, shape.side(), convolutions, shape.channels()));
    codes = IntStream.concat(IntStream.of(top.codes()), IntStream.of(bottom.codes())).toArray();
  }

  @Override
  public Outcome forward(Tensor images, double progress, Draws draws) {
    Tensor seen = look(here(images));
    Tensor latents = topRow.forward(downTop.forward(seen));
    Bottleneck.Result above = exactly(() -> top.forward(latents, progress));
    Tensor context = context(above.vectors());
    Tensor rest = bottomRow.forward(both(context, seen));
    Bottleneck.Result below = exactly(() -> bottom.forward(rest, progress));
    Map<String, Tensor> losses = new LinkedHashMap<>(above.losses());
    below.losses().forEach((name, loss) -> losses.merge(name, loss, Tensor::add));
    Tensor decoded = image(context, below.vectors());
    return new Outcome(
        decoded, losses, drawn(above, decoded, draws, tops -> withOwnBottoms(tops, below)));
  }

  /** Images of drawn tops with the bottom's own tokens. */
  private Tensor withOwnBottoms(Tensor tops, Bottleneck.Result below) {
    return image(context(tops), below.vectors().narrow(0, 0, tops.size(0)));
  }

  @Override
  public void initialize(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor seen = look(here(images));
      Tensor latents = topRow.forward(downTop.forward(seen));
      top.initialize(latents);
      bottom.initialize(bottomRow.forward(both(context(vectors(top.encode(latents))), seen)));
    }
  }

  @Override
  public Encoding encode(Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor seen = look(here(images));
      Encoding above = top.encode(topRow.forward(downTop.forward(seen)));
      Encoding below = bottom.encode(bottomRow.forward(both(context(vectors(above)), seen)));
      return new Encoding(
          torch.cat(new TensorVector(above.tokens(), below.tokens()), 1), above.masks());
    }
  }

  @Override
  public Tensor vectors(Tensor tokens, MaskBits masks) {
    Tokens.check(tokens, codes);
    int above = top.codes().length;
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor all = here(tokens);
      return both(
          top.lookup(all.narrow(1, 0, above), masks),
          bottom.lookup(all.narrow(1, above, codes.length - above), MaskBits.none()));
    }
  }

  @Override
  public Tensor decodeVectors(Tensor vectors) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor context = context(vectors.narrow(1, 0, top.outputs()).contiguous());
      Tensor below = vectors.narrow(1, top.outputs(), bottom.outputs()).contiguous();
      return Tokens.clamped(image(context, below));
    }
  }

  private Tensor look(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, shape.channels(), shape.side(), shape.side());
    return down.forward(images);
  }

  private Tensor vectors(Encoding above) {
    return top.lookup(above.tokens(), above.masks());
  }

  /** The top's vectors as a map of the bottom's size. */
  private Tensor context(Tensor vectors) {
    return upTop.forward(topMap.forward(vectors));
  }

  private Tensor image(Tensor context, Tensor vectors) {
    return up.forward(Convolutions.run(join, both(context, bottomMap.forward(vectors))));
  }

  private static Tensor both(Tensor one, Tensor other) {
    return torch.cat(new TensorVector(one, other), 1);
  }

  @Override
  public void seek(long images) {
    top.seek(images);
    bottom.seek(images);
  }

  @Override
  Tensor lastLayer() {
    return up.lastLayer();
  }

  @Override
  public MaskBits randomMasks(long n, long seed) {
    return top.randomMasks(n, seed);
  }

  @Override
  public MaskBits drawMasks(Tensor tokens, long seed) {
    Tokens.check(tokens, codes());
    return top.drawMasks(here(tokens).narrow(1, 0, top.codes().length), seed);
  }

  @Override
  public long winners() {
    return top.winners();
  }

  @Override
  public int[] codes() {
    return codes.clone();
  }

  @Override
  public int[] codebooks() {
    return Bottleneck.behind(top.codebooks(), bottom.codebooks());
  }

  @Override
  public double maskBits() {
    return top.maskBits();
  }
}
