package io.mvq;

import io.mvq.run.Codes;
import io.mvq.run.CodesAbout;
import io.mvq.run.Identity;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's code tensors as {@link Code}s, a row each, and back: for programs that work with {@link
 * io.mvq.run.Codec} and keep codes outside of it.
 */
public final class CodeRows {
  private CodeRows() {}

  /** In their order. @param model which made them */
  public static List<Code> of(Codes codes, Identity model) {
    long[] tokens = Tensors.longs(codes.tokens());
    byte[] masks = Tensors.bytes(codes.masks());
    long[] shape = Shapes.of(codes.masks());
    int n = (int) shape[0];
    int winners = (int) shape[1];
    int width = winners == 0 ? 0 : (int) shape[2];
    List<Code> all = new ArrayList<>();
    for (int row = 0; row < n; row++) {
      int[] own = new int[tokens.length / n];
      for (int t = 0; t < own.length; t++) {
        own[t] = Math.toIntExact(tokens[row * own.length + t]);
      }
      int words = Code.words(width);
      long[] bits = new long[winners * words];
      for (int i = 0; i < winners * width; i++) {
        int bit = i % width;
        bits[i / width * words + bit / Long.SIZE] |= (long) masks[row * winners * width + i] << bit;
      }
      all.add(new Code(model, own, width, bits));
    }
    return all;
  }

  /** One row, that says nothing about its image. */
  public static Codes of(Code code) {
    int[] tokens = code.tokens();
    long[] longs = new long[tokens.length];
    for (int t = 0; t < tokens.length; t++) {
      longs[t] = tokens[t];
    }
    byte[] masks = new byte[code.winners() * code.maskWidth()];
    for (int winner = 0; winner < code.winners(); winner++) {
      int start = winner * code.maskWidth();
      code.mask(winner).stream().forEach(bit -> masks[start + bit] = 1);
    }
    return new Codes(
        Tensors.of(longs, 1, tokens.length),
        Tensors.of(masks, 1, code.winners(), code.winners() == 0 ? 1 : code.maskWidth()),
        CodesAbout.NOTHING);
  }
}
