package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Encoding;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Encoded images, as a code file has them.
 *
 * @param tokens int64 (n, t), each from 0
 * @param masks uint8 (n, winners, C) of zeros and ones; of a model without masks (n, 0, 1) here and
 *     not in the file
 * @param about whose they are; in the file uint8 (bytes), JSON as UTF-8
 */
public record Codes(Tensor tokens, Tensor masks, CodesAbout about) {
  static final String ABOUT = "about";

  private static final String TOKENS = "tokens";
  private static final String MASKS = "masks";

  public Codes {
    long[] rows = Shapes.of(Shapes.require(tokens, TOKENS, Shapes.ANY, Shapes.ANY));
    if (rows[0] < 1 || rows[1] < 1) {
      throw new IllegalArgumentException(
          "tokens must have at least 1 row of 1 token, got shape " + Shapes.text(rows));
    }
    Shapes.require(masks, MASKS, rows[0], Shapes.ANY, Shapes.ANY);
    if (about.model() != null && about.names().size() != rows[0]) {
      throw new IllegalArgumentException(
          "names must be one a row of tokens, " + rows[0] + ", got " + about.names().size());
    }
  }

  /** Of a model's encodings. @param winners masks an image */
  public static Codes of(Encoding encoding, long winners, CodesAbout about) {
    MaskBits masks = encoding.masks();
    Tensor bits = Views.unpack(masks).reshape(encoding.tokens().size(0), winners, masks.bits());
    return new Codes(encoding.tokens(), bits.to(ScalarType.Byte), about);
  }

  /** One row, which says nothing about its image; a view of these tensors. */
  Codes row(long index) {
    return new Codes(tokens.narrow(0, index, 1), masks.narrow(0, index, 1), CodesAbout.NOTHING);
  }

  /** The masks as the models take them. */
  public MaskBits maskBits() {
    return Views.pack(masks.flatten(0, 1), MASKS);
  }

  /** Writes by the file's ending, at once. */
  public void write(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(TOKENS, tokens);
    if (masks.size(1) > 0) {
      tensors.put(MASKS, masks);
    }
    if (about.model() != null) {
      byte[] json = about.json();
      tensors.put(ABOUT, Tensors.of(json, json.length));
    }
    new CodesFile(file).write(tensors);
  }

  /**
   * Reads what {@link #write} wrote, or an older mvq without its {@code about}.
   *
   * @throws IOException naming the file, what must be and what is there
   */
  public static Codes read(Path file) throws IOException {
    Map<String, Long> most = new LinkedHashMap<>();
    most.put(TOKENS, Long.MAX_VALUE);
    most.put(MASKS, 1L);
    most.put(ABOUT, 255L);
    Map<String, Tensor> tensors = new CodesFile(file).read(most);
    Tensor tokens = tensors.get(TOKENS);
    if (tokens == null) {
      throw new IOException(file + " holds no \"" + TOKENS + "\"; it has " + tensors.keySet());
    }
    Tensor json = tensors.get(ABOUT);
    try {
      Shapes.require(tokens, TOKENS, Shapes.ANY, Shapes.ANY);
      if (json != null) {
        Shapes.require(json, ABOUT, Shapes.ANY);
      }
      CodesAbout about =
          json == null
              ? CodesAbout.NOTHING
              : CodesAbout.read(Tensors.bytes(json.to(ScalarType.Byte)), file + "!" + ABOUT);
      Tensor masks =
          tensors.containsKey(MASKS) ? tensors.get(MASKS) : Tensors.zeros(tokens.size(0), 0, 1);
      return new Codes(tokens, masks.to(ScalarType.Byte), about);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Throws unless they are of a model.
   *
   * @param file where they were read, for errors
   * @param run what the model is called, for errors
   */
  public void requireOf(Identity model, Path file, String run) throws IOException {
    if (about.model() != null && !about.model().equals(model)) {
      throw new IOException(
          String.format(
              "%s was encoded by the model %s, %s holds %s; decode it with the run that encoded it"
                  + " (mvq info RUN names a run's model), or as it is with --other-model",
              file, about.model(), run, model));
    }
  }

  /**
   * Throws unless a model has such tokens.
   *
   * @param where names the codes in errors
   */
  public void requireTokensOf(TokenAutoencoder model, String where) {
    int[] codes = model.codes();
    require(where, "tokens must be %d a row", codes.length, tokens.size(1));
    for (int t = 0; t < codes.length; t++) {
      long greatest = tokens.select(1, t).max().item_long();
      if (greatest >= codes[t]) {
        throw new IllegalArgumentException(
            String.format(
                "%s: tokens at position %d must be 0 to %d, got %d",
                where, t, codes[t] - 1, greatest));
      }
    }
  }

  /** Throws unless a model has as many masks of as many bits. */
  public void requireMasksOf(TokenAutoencoder model, String where) {
    require(where, "masks must be %d a row", model.winners(), masks.size(1));
    if (model.winners() > 0) {
      require(where, "masks must be of %d bits", model.maskWidth(), masks.size(2));
    }
  }

  private static void require(String where, String what, long wanted, long got) {
    if (wanted != got) {
      throw new IllegalArgumentException(
          String.format("%s: " + what + ", as this model has, got %d", where, wanted, got));
    }
  }
}
