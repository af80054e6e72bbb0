package io.mvq.data.set;

import io.mvq.data.ImageSource;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.Raster;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PNG, JPEG and WebP files below a folder, decoded when read. The first subfolder is the class; a
 * file directly in the folder has none. Files are in the order of their relative paths.
 *
 * <p>Opening reads every header, so that {@link #size()} counts only images that look readable. A
 * file damaged further in shows at its first read; then the next readable image of the same class
 * stands in for it, so that labels stay true and runs repeatable.
 */
public final class ImageFolder implements ImageSource {
  private static final Logger log = LoggerFactory.getLogger(ImageFolder.class);

  /** What to do with a file that cannot be decoded. */
  public enum Damaged {
    /** Leave it out and count it; the first is named in a warning. */
    SKIP,
    /** Throw, naming the file. */
    FAIL
  }

  private final Path folder;
  private final int side;
  private final int channels;
  private final Damaged damaged;
  private final List<Path> files = new ArrayList<>();
  private final List<String> classes;
  private final int[] labels;
  private final Set<Path> skipped = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Lists the folder and reads all headers. */
  public ImageFolder(Path folder, int side, int channels, Damaged damaged) throws IOException {
    ImageSource.requireFormat(side, channels);
    this.folder = folder;
    this.side = side;
    this.channels = channels;
    this.damaged = damaged;
    List<Path> found = find(folder);
    List<IOException> reasons = new ArrayList<>();
    List<IOException> checked = found.parallelStream().map(ImageFolder::headerFault).toList();
    for (int i = 0; i < found.size(); i++) {
      if (checked.get(i) == null) {
        files.add(found.get(i));
      } else {
        skipped.add(found.get(i));
        reasons.add(checked.get(i));
      }
    }
    report(found.size(), reasons);
    TreeSet<String> names = new TreeSet<>();
    files.forEach(file -> names.add(className(file)));
    names.remove("");
    classes = List.copyOf(names);
    labels = files.stream().mapToInt(file -> classes.indexOf(className(file))).toArray();
  }

  /** How many files were left out as damaged, so far. */
  public int skipped() {
    return skipped.size();
  }

  /** An image's path below the folder, with forward slashes. */
  public String name(int index) {
    return folder.relativize(files.get(index)).toString().replace('\\', '/');
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public int side() {
    return side;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, byte[] into) throws IOException {
    IOException first = null;
    for (int tried = 0; tried < files.size(); tried++) {
      int candidate = (index + tried) % files.size();
      Path file = files.get(candidate);
      if (labels[candidate] != labels[index] || (tried > 0 && skipped.contains(file))) {
        continue;
      }
      try {
        Raster image = Raster.of(ImageFiles.decode(file)).withChannels(channels).fitted(side);
        System.arraycopy(image.pixels(), 0, into, 0, image.pixels().length);
        return;
      } catch (IOException e) {
        if (damaged == Damaged.FAIL) {
          throw e;
        }
        first = first == null ? e : first;
        if (skipped.add(file) && !warned.getAndSet(true)) {
          log.warn(
              "{}; another image of its class stands in; more are only counted", e.getMessage());
        }
      }
    }
    throw new IOException(first.getMessage() + "; no other image of its class is readable", first);
  }

  private void report(int found, List<IOException> reasons) throws IOException {
    if (!reasons.isEmpty() && damaged == Damaged.FAIL) {
      throw reasons.get(0);
    }
    if (files.isEmpty()) {
      String why =
          reasons.isEmpty()
              ? "no .png, .jpg, .jpeg or .webp file in it or below it"
              : "none of its " + found + " images can be read; " + reasons.get(0).getMessage();
      throw new IOException(folder + ": " + why);
    }
    if (!reasons.isEmpty()) {
      log.warn(
          "{}: skipped {} of {} images; {}",
          folder,
          reasons.size(),
          found,
          reasons.get(0).getMessage());
    }
  }

  private String className(Path file) {
    Path relative = folder.relativize(file);
    return relative.getNameCount() < 2 ? "" : relative.getName(0).toString();
  }

  private static List<Path> find(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return below
          .filter(file -> ImageFiles.isImage(file) && Files.isRegularFile(file))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  private static IOException headerFault(Path file) {
    try {
      ImageFiles.check(file);
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
