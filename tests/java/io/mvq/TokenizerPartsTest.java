package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.prior.Sampling;
import io.mvq.run.Shares;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The parts of a code, one by one: drawn, masked anew, blended, as a vector. */
class TokenizerPartsTest {
  private static Tokenizer emoji;
  private static Code first;
  private static Code second;

  @BeforeAll
  static void load() throws IOException {
    emoji = Tokenizer.pretrained("emoji-2");
    List<Code> two = emoji.sampleCodes(2, null, Sampling.PLAIN, 5);
    first = two.get(0);
    second = two.get(1);
    assertThat(second.tokens()[0]).isNotEqualTo(first.tokens()[0]);
    assertThat(second.tokens()[1]).isNotEqualTo(first.tokens()[1]);
  }

  @AfterAll
  static void close() {
    emoji.close();
  }

  /** Convolutions of a batch may round otherwise than those of one image. */
  private static void same(BufferedImage one, BufferedImage other) {
    for (int p = 0; p < 32 * 32; p++) {
      int a = one.getRGB(p % 32, p / 32);
      int b = other.getRGB(p % 32, p / 32);
      for (int shift = 0; shift < 24; shift += 8) {
        assertThat(a >> shift & 255).as("pixel %d", p).isCloseTo(b >> shift & 255, within(1));
      }
    }
  }

  @Test
  void sampledCodesAreThoseOfSampledPictures() {
    List<BufferedImage> pictures = emoji.sample(6, "food-fruit", 4);
    List<Code> codes = emoji.sampleCodes(6, "food-fruit", Sampling.PLAIN, 4);
    for (int i = 0; i < 6; i++) {
      same(emoji.decode(codes.get(i)), pictures.get(i));
    }
    assertThat(emoji.sampleCodes(6, "food-fruit", Sampling.PLAIN, 4)).isEqualTo(codes);
    assertThat(emoji.sampleCodes(6, "food-fruit", Sampling.PLAIN, 5)).isNotEqualTo(codes);
    List<Code> greedy = emoji.sampleCodes(3, "food-fruit", Sampling.GREEDY, 1);
    assertThat(greedy.get(1).tokens()).isEqualTo(greedy.get(0).tokens());
    assertThat(greedy.get(1).maskWords()).isNotEqualTo(greedy.get(0).maskWords());
    assertThatThrownBy(() -> emoji.sampleCodes(1, null, null, 1))
        .hasMessage("sampling must be given, got null");
    assertThatThrownBy(() -> emoji.sampleCodes(10_001, null, Sampling.PLAIN, 1))
        .hasMessage("n must be in 1..10000, got 10001");
  }

  @Test
  void aCodeRedrawnHasItsTokensAndAnotherMask() {
    Code other = emoji.redrawn(first, 7);
    assertThat(other.tokens()).isEqualTo(first.tokens());
    assertThat(other.maskWords()).isNotEqualTo(first.maskWords());
    assertThat(emoji.redrawn(first, 7)).isEqualTo(other);
    assertThat(emoji.redrawn(first, 8)).isNotEqualTo(other);
  }

  @Test
  void aBlendOfAllPartsLeadsFromTheFirstToTheSecond() {
    same(emoji.blend(first, second, new Shares(0, 0, 0)), emoji.decode(first));
    same(emoji.blend(first, second, new Shares(1, 1, 1)), emoji.decode(second));
  }

  @Test
  void onePartBlendedIsThatPartOfTheSecond() {
    int[] own = first.tokens();
    int[] others = second.tokens();
    long[] mask = first.maskWords();
    same(
        emoji.blend(first, second, new Shares(1, 0, 0)),
        emoji.decode(new Code(first.model(), new int[] {others[0], own[1]}, 64, mask)));
    same(
        emoji.blend(first, second, new Shares(0, 0, 1)),
        emoji.decode(new Code(first.model(), new int[] {own[0], others[1]}, 64, mask)));
    same(
        emoji.blend(first, second, new Shares(0, 1, 0)),
        emoji.decode(new Code(first.model(), own, 64, second.maskWords())));
  }

  @Test
  void halfOfTheMasksIsHalfOfTheBitsThatDiffer() {
    long mine = 0b1111_0000L;
    long differ = 0b0011_1100L; // bits 2 to 5; the lower two of them are taken
    Code from = new Code(first.model(), first.tokens(), 64, new long[] {mine});
    Code to = new Code(first.model(), first.tokens(), 64, new long[] {mine ^ differ});
    Code half = new Code(first.model(), first.tokens(), 64, new long[] {mine ^ 0b1100});
    same(emoji.blend(from, to, new Shares(0, 0.5, 0)), emoji.decode(half));
  }

  @Test
  void distancesAreOfTheVectors() {
    float[] a = emoji.vector(first);
    float[] b = emoji.vector(second);
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    assertThat(a).hasSize(64);
    assertThat(emoji.distance(first, second)).isCloseTo(Math.sqrt(squares), within(1e-6));
  }

  @Test
  void sharesAreOfZeroToOne() {
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Shares(0, wrong, 0))
          .hasMessage("masks must be in 0..1, got " + wrong);
    }
  }
}
