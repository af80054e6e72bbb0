package io.mvq;

import io.mvq.run.Identity;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * A picture as a model's tokens and winners' masks (arXiv 2301.06626, section 3). It means
 * something to the model that made it only. Immutable: arrays are copied in and out.
 *
 * @param model which made it
 * @param tokens 1 to 65536, each at least 0
 * @param maskWidth bits a mask, 0 to 65536; 0 for a model without masks
 * @param maskWords the winners' masks one after another, {@code ceil(maskWidth / 64)} words each:
 *     bit i of a mask is bit {@code i % 64} of its word {@code i / 64}, 1 = kept; bits from {@code
 *     maskWidth} on are 0
 */
public record Code(Identity model, int[] tokens, int maskWidth, long[] maskWords) {
  static final int MOST = 1 << 16;

  public Code {
    require(model != null, "model must be given, got null");
    require(tokens != null, "tokens must be given, got null");
    require(maskWords != null, "maskWords must be given, got null");
    tokens = tokens.clone();
    maskWords = maskWords.clone();
    require(
        tokens.length >= 1 && tokens.length <= MOST,
        "tokens must be 1 to %d, got %d",
        MOST,
        tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      require(tokens[i] >= 0, "token %d must be at least 0, got %d", i, tokens[i]);
    }
    require(
        maskWidth >= 0 && maskWidth <= MOST, "maskWidth must be 0 to %d, got %d", MOST, maskWidth);
    int words = words(maskWidth);
    require(
        maskWidth == 0 ? maskWords.length == 0 : maskWords.length % words == 0,
        "maskWords must be %d for each mask of %d bits, got %d",
        words,
        maskWidth,
        maskWords.length);
    int winners = words == 0 ? 0 : maskWords.length / words;
    require(
        winners <= MOST && (maskWidth == 0) == (winners == 0),
        "masks must be 1 to %d of a model with masks, got %d of %d bits",
        MOST,
        winners,
        maskWidth);
    for (int end = words; end > 0 && end <= maskWords.length; end += words) {
      require(
          maskWidth % Long.SIZE == 0 || maskWords[end - 1] >>> maskWidth == 0,
          "mask %d must have no bits from %d on",
          end / words - 1,
          maskWidth);
    }
  }

  private static void require(boolean holds, String text, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, text, values));
    }
  }

  static int words(int bits) {
    return (bits + Long.SIZE - 1) / Long.SIZE;
  }

  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  @Override
  public long[] maskWords() {
    return maskWords.clone();
  }

  /** How many masks: 1, one for each base token, or 0. */
  public int winners() {
    return maskWidth == 0 ? 0 : maskWords.length / words(maskWidth);
  }

  /** The mask of a winner, from 0: a copy; set bits are kept. */
  public BitSet mask(int winner) {
    require(
        winner >= 0 && winner < winners(),
        "winner must be 0 to below %d, the number of masks, got %d",
        winners(),
        winner);
    int words = words(maskWidth);
    return BitSet.valueOf(Arrays.copyOfRange(maskWords, winner * words, (winner + 1) * words));
  }

  /**
   * The binary form, 18 bytes and more; equal codes have equal bytes. A count or token is a varint:
   * 7 bits a byte, the lowest first, the byte's high bit set where more follow, as few bytes as can
   * be.
   *
   * <ol>
   *   <li>bytes 0 to 2: {@code M V C} in ASCII; byte 3: the version, 1
   *   <li>bytes 4 to 11: the model's identity, as its 16 hexadecimal digits read
   *   <li>a varint: the number of tokens; then each token, a varint
   *   <li>a varint: bits a mask, 0 without masks; a varint: the number of masks
   *   <li>each mask in {@code ceil(bits / 8)} bytes: bit i is bit {@code i % 8} of byte {@code i /
   *       8}, those left over are 0
   *   <li>4 bytes: the CRC-32 of all before (as in ZIP), the highest byte first
   * </ol>
   */
  public byte[] toBytes() {
    return CodeBytes.write(this);
  }

  /**
   * Reads {@link #toBytes}.
   *
   * @throws IllegalArgumentException saying what is wrong with them; nothing large is allocated for
   *     what hostile bytes claim
   */
  public static Code ofBytes(byte[] bytes) {
    require(bytes != null, "bytes must be given, got null");
    return CodeBytes.read(bytes);
  }

  /**
   * As JSON, e.g. {@code {"format":1,"model":"0123456789abcdef","tokens":[3,7],"masks":["0110"]}}:
   * a mask is a text of 0 and 1, bit 0 first; a model without masks has an empty list.
   */
  public String toJson() {
    return CodeJson.write(this);
  }

  /**
   * Reads {@link #toJson}, in any order and with any white space.
   *
   * @throws IllegalArgumentException naming the field and what is wrong with it
   */
  public static Code ofJson(String json) {
    require(json != null, "json must be given, got null");
    return CodeJson.read(json);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Code code
        && model.equals(code.model)
        && maskWidth == code.maskWidth
        && Arrays.equals(tokens, code.tokens)
        && Arrays.equals(maskWords, code.maskWords);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(tokens) + Arrays.hashCode(maskWords)) + model.hashCode();
  }

  /** As {@link #toJson}. */
  @Override
  public String toString() {
    return toJson();
  }
}
