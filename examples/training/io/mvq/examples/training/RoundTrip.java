package io.mvq.examples.training;

import io.mvq.Code;
import io.mvq.Tokenizer;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A picture to its code and back, and new pictures, as the README shows it. */
public final class RoundTrip {
  private RoundTrip() {}

  public static void main(String[] args) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.load(Path.of("run"))) {
      Code code = tokenizer.encode(Path.of("photos/cats/0.png"));
      System.out.println(code.toJson());
      ImageIO.write(tokenizer.decode(code), "png", new File("cat.png"));
      for (BufferedImage picture : tokenizer.sample(4, null, 1)) {
        System.out.println(tokenizer.distance(code, tokenizer.encode(picture)));
      }
    }
  }
}
