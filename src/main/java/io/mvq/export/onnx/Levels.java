package io.mvq.export.onnx;

import io.mvq.hypothesis.MaskSet;
import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.Where;
import io.mvq.recipe.Concrete;
import io.mvq.recipe.Fsq;
import io.mvq.recipe.Gumbel;
import io.mvq.recipe.Hypotheses;
import io.mvq.recipe.Lfq;
import io.mvq.recipe.Mvq;
import io.mvq.recipe.Residual;
import io.mvq.recipe.Tokens;
import io.mvq.recipe.Vq;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Levels of a graph from the recipe of their tokens.
 *
 * @param seed of the masks
 */
record Levels(Graph graph, Layers layers, long seed) {
  /** Of the bottleneck below a module's name. @param grid side of the map of tokens; 0 without */
  Level of(Tokens tokens, int grid, String module) {
    int count = tokens.baseTokens() + tokens.secondaryTokens();
    if (tokens instanceof Mvq mvq) {
      return masked(mvq, module);
    } else if (tokens instanceof Vq vq && vq.masked()) {
      Level plain = plain(module + ".tokens", count, grid, vq(vq));
      return new Beside(graph, plain, vq.noiseWidth(), vq.maskWidth() / vq.noiseWidth());
    } else if (tokens instanceof Vq vq) {
      return plain(module, count, grid, vq(vq));
    } else if (tokens instanceof Residual residual) {
      return stages(residual, grid, module);
    } else if (tokens instanceof Fsq fsq) {
      return plain(module, count, grid, name -> new Token.Levels(graph, fsq.levels()));
    } else if (tokens instanceof Lfq lfq) {
      int bits = Integer.numberOfTrailingZeros(lfq.codes());
      return plain(module, count, grid, name -> new Token.Signs(graph, bits));
    } else if (tokens instanceof Gumbel || tokens instanceof Concrete) {
      return plain(module, count, grid, name -> new Token.Likeliest(graph, layers, name));
    }
    throw new IllegalArgumentException(
        "tokens of the system " + tokens.system() + " cannot be exported to ONNX");
  }

  private Function<String, Token> vq(Vq vq) {
    return name -> new Token.Nearest(codes(name + ".quantizer", vq.codebooks().cosine()));
  }

  private Codes codes(String module, boolean cosine) {
    return new Codes(graph, layers, module, cosine);
  }

  private Level plain(String module, int count, int grid, Function<String, Token> token) {
    return grid > 0
        ? new Plain(graph, List.of(token.apply(module + ".each")), grid * grid)
        : new Plain(
            graph,
            IntStream.range(0, count).mapToObj(i -> token.apply(module + ".part" + i)).toList(),
            count);
  }

  private Level stages(Residual residual, int grid, String module) {
    boolean cosine = residual.codebooks().cosine();
    Vq plain =
        new Vq(
            residual.baseTokens(),
            residual.secondaryTokens(),
            residual.codeWidth(),
            residual.codebooks());
    Level first = of(plain, grid, module + ".first");
    List<Codes> stages =
        IntStream.range(0, residual.stages())
            .mapToObj(s -> codes(module + ".stage" + s, cosine))
            .toList();
    return new Stages(graph, first, stages, (long) first.tokens() * residual.codeWidth());
  }

  private Level masked(Mvq mvq, String module) {
    boolean cosine = mvq.codebooks().cosine();
    return new Masked(
        graph,
        layers,
        module,
        codes(module + ".base", cosine),
        codes(module + ".secondary", cosine),
        mvq.baseTokens(),
        mvq.secondaryTokens(),
        tried(mvq.hypotheses(), mvq.maskWidth()),
        mvq.hypotheses().winnerPerToken());
  }

  /** What encoding one image tries: the first H masks of its stream, or all that are listed. */
  private byte[] tried(Hypotheses hypotheses, int width) {
    if (hypotheses.masks() == MaskSet.Kind.DRAWN) {
      Dropout first = new Dropout(seed, 0, 1 - hypotheses.dropout());
      MaskBits drawn = DropoutMasks.draw(1, hypotheses.count(), width, first, Where.CPU);
      float[] kept = Tensors.floats(Views.unpack(drawn));
      byte[] bytes = new byte[kept.length];
      for (int i = 0; i < kept.length; i++) {
        bytes[i] = (byte) kept[i];
      }
      return bytes;
    }
    int first = hypotheses.masks() == MaskSet.Kind.GATES ? 1 : 0; // the empty mask is no gate
    byte[] bytes = new byte[((1 << width) - first) * width];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i / width + first) >> (i % width) & 1);
    }
    return bytes;
  }
}
