package io.mvq.metric;

import io.mvq.metric.ConvolutionUnit.Shape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The trunk of Inception-V3, Szegedy et al., arXiv 1512.00567, to its sixth mixed block (768
 * channels) or to its end (2048). Average pools leave the padding out, as TensorFlow's do.
 */
final class Inception {
  /** Where the weights are: asked in the order in which Keras makes the layers. */
  interface Weights {
    /** A unit of a shape. @param name torchvision's, e.g. {@code Mixed_5b.branch1x1} */
    ConvolutionUnit unit(String name, Shape shape);
  }

  /** A block: a map to a map. */
  private interface Block {
    Tensor forward(Tensor x);
  }

  private final Weights weights;
  private final List<Block> stem = new ArrayList<>();
  private final List<Block> mixed = new ArrayList<>();

  private Inception(Weights weights) {
    this.weights = weights;
    stem.add(unit("Conv2d_1a_3x3", Shape.square(3, 32, 3, 2, 0)));
    stem.add(unit("Conv2d_2a_3x3", Shape.square(32, 32, 3, 1, 0)));
    stem.add(unit("Conv2d_2b_3x3", Shape.square(32, 64, 3, 1, 1)));
    stem.add(Inception::halved);
    stem.add(unit("Conv2d_3b_1x1", Shape.square(64, 80, 1, 1, 0)));
    stem.add(unit("Conv2d_4a_3x3", Shape.square(80, 192, 3, 1, 0)));
    stem.add(Inception::halved);
    mixed.add(blockA("Mixed_5b", 192, 32));
    mixed.add(blockA("Mixed_5c", 256, 64));
    mixed.add(blockA("Mixed_5d", 288, 64));
    mixed.add(blockB("Mixed_6a", 288));
    mixed.add(blockC("Mixed_6b", 128));
    mixed.add(blockC("Mixed_6c", 160));
  }

  /** Keras' mixed5, torchvision's Mixed_6c: 768 channels. */
  static Inception toMixed5(Weights weights) {
    return new Inception(weights);
  }

  /** The whole trunk, 2048 channels; the last block pools by maxima, as the FID network does. */
  static Inception whole(Weights weights) {
    Inception trunk = new Inception(weights);
    trunk.mixed.add(trunk.blockC("Mixed_6d", 160));
    trunk.mixed.add(trunk.blockC("Mixed_6e", 192));
    trunk.mixed.add(trunk.blockD("Mixed_7a"));
    trunk.mixed.add(trunk.blockE("Mixed_7b", 1280, Inception::averaged));
    trunk.mixed.add(trunk.blockE("Mixed_7c", 2048, Inception::largest));
    return trunk;
  }

  /** (n, 3, h, w), at least 43 pixels a side, to the last block's map. */
  Tensor forward(Tensor x) {
    List<Tensor> maps = maps(x);
    return maps.get(maps.size() - 1);
  }

  /**
   * The maps after the third and the fifth convolution of the stem's five, and after each mixed
   * block.
   */
  List<Tensor> maps(Tensor images) {
    return maps(images, Integer.MAX_VALUE);
  }

  /**
   * The first of them.
   *
   * @param most maps: what lies behind the last of them is not computed
   */
  List<Tensor> maps(Tensor images, int most) {
    List<Tensor> maps = new ArrayList<>();
    Tensor x = images;
    for (int i = 0; i < stem.size(); i++) {
      x = stem.get(i).forward(x);
      if (i == 2 || i == 5) {
        maps.add(x);
      }
    }
    for (Block block : mixed) {
      if (maps.size() >= most) {
        break;
      }
      x = block.forward(x);
      maps.add(x);
    }
    return maps;
  }

  private Block unit(String name, Shape shape) {
    return weights.unit(name, shape)::forward;
  }

  private Block point(String name, long in, long out) {
    return unit(name, Shape.square(in, out, 1, 1, 0));
  }

  private Block same(String name, long in, long out, long height, long width) {
    return unit(name, Shape.same(in, out, height, width));
  }

  private Block blockA(String name, long in, long pooled) {
    return side(
        point(name + ".branch1x1", in, 64),
        chain(point(name + ".branch5x5_1", in, 48), same(name + ".branch5x5_2", 48, 64, 5, 5)),
        chain(
            point(name + ".branch3x3dbl_1", in, 64),
            same(name + ".branch3x3dbl_2", 64, 96, 3, 3),
            same(name + ".branch3x3dbl_3", 96, 96, 3, 3)),
        chain(Inception::averaged, point(name + ".branch_pool", in, pooled)));
  }

  private Block blockB(String name, long in) {
    return side(
        unit(name + ".branch3x3", Shape.square(in, 384, 3, 2, 0)),
        chain(
            point(name + ".branch3x3dbl_1", in, 64),
            same(name + ".branch3x3dbl_2", 64, 96, 3, 3),
            unit(name + ".branch3x3dbl_3", Shape.square(96, 96, 3, 2, 0))),
        Inception::halved);
  }

  private Block blockC(String name, long c) {
    return side(
        point(name + ".branch1x1", 768, 192),
        chain(
            point(name + ".branch7x7_1", 768, c),
            same(name + ".branch7x7_2", c, c, 1, 7),
            same(name + ".branch7x7_3", c, 192, 7, 1)),
        chain(
            point(name + ".branch7x7dbl_1", 768, c),
            same(name + ".branch7x7dbl_2", c, c, 7, 1),
            same(name + ".branch7x7dbl_3", c, c, 1, 7),
            same(name + ".branch7x7dbl_4", c, c, 7, 1),
            same(name + ".branch7x7dbl_5", c, 192, 1, 7)),
        chain(Inception::averaged, point(name + ".branch_pool", 768, 192)));
  }

  private Block blockD(String name) {
    return side(
        chain(
            point(name + ".branch3x3_1", 768, 192),
            unit(name + ".branch3x3_2", Shape.square(192, 320, 3, 2, 0))),
        chain(
            point(name + ".branch7x7x3_1", 768, 192),
            same(name + ".branch7x7x3_2", 192, 192, 1, 7),
            same(name + ".branch7x7x3_3", 192, 192, 7, 1),
            unit(name + ".branch7x7x3_4", Shape.square(192, 192, 3, 2, 0))),
        Inception::halved);
  }

  private Block blockE(String name, long in, Block pool) {
    return side(
        point(name + ".branch1x1", in, 320),
        chain(
            point(name + ".branch3x3_1", in, 384),
            side(
                same(name + ".branch3x3_2a", 384, 384, 1, 3),
                same(name + ".branch3x3_2b", 384, 384, 3, 1))),
        chain(
            point(name + ".branch3x3dbl_1", in, 448),
            same(name + ".branch3x3dbl_2", 448, 384, 3, 3),
            side(
                same(name + ".branch3x3dbl_3a", 384, 384, 1, 3),
                same(name + ".branch3x3dbl_3b", 384, 384, 3, 1))),
        chain(pool, point(name + ".branch_pool", in, 192)));
  }

  private static Block chain(Block... steps) {
    return x -> {
      Tensor y = x;
      for (Block step : steps) {
        y = step.forward(y);
      }
      return y;
    };
  }

  private static Block side(Block... branches) {
    return x -> {
      TensorVector maps = new TensorVector();
      for (Block branch : branches) {
        maps.push_back(branch.forward(x));
      }
      return torch.cat(maps, 1);
    };
  }

  private static Tensor halved(Tensor x) {
    return torch.max_pool2d(x, square(3), square(2), square(0), square(1), false);
  }

  private static Tensor largest(Tensor x) {
    return torch.max_pool2d(x, square(3), square(1), square(1), square(1), false);
  }

  private static Tensor averaged(Tensor x) {
    return torch.avg_pool2d(x, square(3), square(1), square(1), false, false, new LongOptional());
  }

  private static long[] square(long size) {
    return new long[] {size, size};
  }
}
