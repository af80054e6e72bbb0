package io.mvq.train;

import io.mvq.files.OutputFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pictures of a stage: {@code pictures/NAME-STEP.png} in its folder, the step in at least 8
 * digits. Each is whole when it appears, so another process may read while the stage is trained.
 *
 * @param folder of the stage
 */
public record RunPictures(Path folder) {
  private static final Pattern FILE = Pattern.compile("(.+)-(\\d{8,18})\\.png");

  /** One of them. */
  public record Picture(long step, String name, Path file) {}

  /** All that are there, by step, then by name. */
  public List<Picture> all() throws IOException {
    List<Picture> all = new ArrayList<>();
    if (Files.isDirectory(place())) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(place())) {
        for (Path file : files) {
          Matcher name = FILE.matcher(file.getFileName().toString());
          if (name.matches()) {
            all.add(new Picture(Long.parseLong(name.group(2)), name.group(1), file));
          }
        }
      }
    }
    all.sort(Comparator.comparingLong(Picture::step).thenComparing(Picture::name));
    return all;
  }

  void write(long step, String name, byte[] png) throws IOException {
    String file = String.format(Locale.ROOT, "%s-%08d.png", name, step);
    OutputFile.write(place().resolve(file), out -> out.write(png));
  }

  /** Takes away what a run drew that is resumed at an earlier step. */
  void forgetAfter(long step) throws IOException {
    for (Picture picture : all()) {
      if (picture.step() > step) {
        Files.deleteIfExists(picture.file());
      }
    }
  }

  private Path place() {
    return folder.resolve("pictures");
  }
}
