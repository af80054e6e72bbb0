package io.mvq.cli;

import io.mvq.data.format.ImageLimits;
import io.mvq.data.set.ImageFolder;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import java.io.IOException;
import picocli.CommandLine.Option;

/** {@code --images}: where a run's images are now. */
final class RunImagesFlag {
  @Option(
      names = "--images",
      paramLabel = "SET",
      description =
          "where the run's images are now, if they moved: a folder or set as in mvq train")
  private String images;

  /** As it was given; null if it was not. */
  String given() {
    return images;
  }

  /** Opens them; a line tells if they are not what the run was trained on. */
  RunImages open(Run run, ImageLimits limits) throws IOException {
    return open(run, images, ImageFolder.Damaged.SKIP, limits);
  }

  /** The same from a place. @param damaged what to do with images that cannot be read */
  static RunImages open(Run run, String elsewhere, ImageFolder.Damaged damaged, ImageLimits limits)
      throws IOException {
    RunImages now = run.images(elsewhere, damaged, limits);
    String changes = run.changes(now);
    if (changes != null) {
      System.err.println(
          "these are not the images that " + run.folder() + " was trained on: " + changes);
    }
    return now;
  }
}
