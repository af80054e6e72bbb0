package io.mvq.kill;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A small folder of images in two classes, and the command that trains on it in seconds. */
final class Images {
  private static final int COUNT = 60;

  /** What is no part of the recipe. */
  private static final List<String> PROCESS =
      List.of("--progress", "NONE", "--threads", "1", "--checkpoint-steps", "20");

  private Images() {}

  static Path write(Path photos) throws IOException {
    for (int i = 0; i < COUNT; i++) {
      Path folder = Files.createDirectories(photos.resolve(i % 2 == 0 ? "dark" : "light"));
      BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 32 * 32; p++) {
        int colour = (i % 2 == 0 ? 0x101010 : 0xc0c0c0) + i * 0x10203 % 0x303030 + p % 32;
        image.setRGB(p % 32, p / 32, colour);
      }
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
    return photos;
  }

  static String[] trainCommand(Path photos, Path out) {
    List<String> line =
        new ArrayList<>(
            List.of("train", "--data", photos.toString(), "--out", out.toString(), "--seed", "3"));
    line.addAll(
        List.of(
            "--side", "32", "--width", "8", "--codes", "6", "--code-width", "8", "--batch", "2"));
    line.addAll(
        List.of("--mask-width", "8", "--hypotheses", "4", "--steps", "60", "--warmup", "1"));
    line.addAll(List.of("--prior-steps", "60", "--prior-width", "16", "--prior-layers", "1"));
    line.addAll(List.of("--prior-heads", "2", "--prior-batch", "4", "--look-steps", "2"));
    line.addAll(PROCESS);
    return line.toArray(String[]::new);
  }

  static String[] resumeCommand(Path out) {
    List<String> line = new ArrayList<>(List.of("train", "--out", out.toString(), "--resume"));
    line.addAll(PROCESS);
    return line.toArray(String[]::new);
  }
}
