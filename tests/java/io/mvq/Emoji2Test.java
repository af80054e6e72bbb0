package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The model that comes along. */
class Emoji2Test {
  private static Tokenizer emoji;

  @BeforeAll
  static void load() throws IOException {
    emoji = Tokenizer.pretrained("emoji-2");
  }

  @AfterAll
  static void close() {
    emoji.close();
  }

  @Test
  void saysAnEmojiInTwoTokensAndAMask() {
    assertThat(emoji.info().tokens()).isEqualTo(2);
    assertThat(emoji.info().classes()).contains("face-smiling", "food-fruit");
    Code code = emoji.encode(emoji.sample(1, null, 1).get(0));
    assertThat(code.tokens()).hasSize(2);
  }

  @Test
  void knowsTheYellowOfAFaceAndTheWhiteAroundIt() {
    BufferedImage face = emoji.sample(1, "face-smiling", 3).get(0);
    assertThat(face.getRGB(0, 0) & 0xff).isGreaterThan(200);
    int middle = face.getRGB(16, 16);
    assertThat(middle >> 16 & 0xff).isGreaterThan(180);
    assertThat(middle & 0xff).isLessThan(150);
  }

  @Test
  void itsSamplesDiffer() {
    List<BufferedImage> samples = emoji.sample(64, null, 1);
    assertThat(samples.stream().map(one -> sum(one)).distinct().count()).isGreaterThan(60);
  }

  private static long sum(BufferedImage image) {
    long sum = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        sum = 31 * sum + image.getRGB(x, y);
      }
    }
    return sum;
  }
}
