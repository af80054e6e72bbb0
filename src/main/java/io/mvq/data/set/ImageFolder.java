package io.mvq.data.set;

import io.mvq.data.Damage;
import io.mvq.data.ImageSource;
import io.mvq.data.Listing;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PNG, JPEG and WebP files below a folder, decoded when read. The first subfolder is the class; a
 * file directly in the folder has none. Files are in the order of their relative paths; hidden
 * folders are passed over.
 *
 * <p>Opening reads every header, so that {@link #size()} counts only images that look readable. A
 * file damaged further in shows at its first read.
 */
public final class ImageFolder implements ImageSource {
  private static final Logger log = LoggerFactory.getLogger(ImageFolder.class);

  /** What to do with a file that cannot be decoded. */
  public enum Damaged {
    /**
     * To train: leave it out and count it, the first is named in a warning. For a file damaged
     * further in, the next readable image of the same class stands in, so that labels stay true and
     * runs repeatable.
     */
    SKIP,
    /** To encode: leave it out; for a file damaged further in, {@link #read} throws. */
    REPORT,
    /** Throw, naming the file. */
    FAIL
  }

  private final Path folder;
  private final Damaged damaged;
  private final ImageLimits limits;
  private final List<Path> files = new ArrayList<>();
  private final List<Damage> leftOut;
  private final Listing listing;
  private final long[] fileBytes;
  private final Set<Path> failed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();

  /** With the usual limits. */
  public ImageFolder(Path folder, int side, int channels, Damaged damaged) throws IOException {
    this(folder, side, channels, damaged, ImageLimits.DEFAULT);
  }

  /** Lists the folder and reads all headers. */
  public ImageFolder(Path folder, int side, int channels, Damaged damaged, ImageLimits limits)
      throws IOException {
    ImageSource.requireFormat(side, channels);
    this.folder = folder;
    this.damaged = damaged;
    this.limits = limits;
    FolderScan scan = FolderScan.of(folder);
    leftOut = new ArrayList<>(scan.passedOver());
    List<IOException> faults =
        scan.files().parallelStream().map(file -> headerFault(file, limits)).toList();
    for (int i = 0; i < scan.files().size(); i++) {
      Path file = scan.files().get(i);
      if (faults.get(i) == null) {
        files.add(file);
      } else if (damaged == Damaged.FAIL) {
        throw faults.get(i);
      } else {
        leftOut.add(new Damage(FolderScan.name(folder, file), faults.get(i).getMessage()));
      }
    }
    report(scan.files().size());
    List<String> classes = files.stream().map(this::className).distinct().sorted().toList();
    List<String> named = classes.stream().filter(name -> !name.isEmpty()).toList();
    listing =
        new Listing(
            side,
            channels,
            named,
            files.stream().mapToInt(file -> named.indexOf(className(file))).toArray(),
            files.stream().map(file -> FolderScan.name(folder, file)).toList());
    fileBytes = new long[files.size()];
    for (int i = 0; i < fileBytes.length; i++) {
      fileBytes[i] = Files.size(files.get(i));
    }
  }

  /** How many files and folders were left out, and files found damaged when read, so far. */
  public int skipped() {
    return leftOut.size() + failed.size();
  }

  @Override
  public List<Damage> leftOut() {
    return List.copyOf(leftOut);
  }

  @Override
  public Listing listing() {
    return listing;
  }

  @Override
  public long fileBytes(int index) {
    return fileBytes[index];
  }

  @Override
  public void read(int index, byte[] into) throws IOException {
    IOException first = null;
    for (int tried = 0; tried < files.size(); tried++) {
      int candidate = (index + tried) % files.size();
      Path file = files.get(candidate);
      if (label(candidate) != label(index) || (tried > 0 && failed.contains(file))) {
        continue;
      }
      try {
        Raster image = ImageFiles.decode(file, limits).withChannels(channels()).fitted(side());
        System.arraycopy(image.pixels(), 0, into, 0, image.pixels().length);
        return;
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        boolean isNew = failed.add(file);
        if (damaged != Damaged.SKIP) {
          throw e;
        }
        first = first == null ? e : first;
        if (isNew && !warned.getAndSet(true)) {
          log.warn(
              "{}; another image of its class stands in; more are only counted", e.getMessage());
        }
      }
    }
    throw new IOException(first.getMessage() + "; no other image of its class is readable", first);
  }

  private void report(int found) throws IOException {
    if (files.isEmpty()) {
      String why =
          found == 0
              ? "no .png, .jpg, .jpeg or .webp file in it or below it"
              : "none of its " + found + " images can be read";
      String example = leftOut.isEmpty() ? "" : "; " + leftOut.get(0).reason();
      throw new IOException(folder + ": " + why + example);
    }
    if (!leftOut.isEmpty()) {
      log.warn(
          "{}: left out {}, kept {} images; {}",
          folder,
          leftOut.size(),
          files.size(),
          leftOut.get(0).reason());
    }
  }

  private String className(Path file) {
    Path relative = folder.relativize(file);
    return relative.getNameCount() < 2 ? "" : relative.getName(0).toString();
  }

  private static IOException headerFault(Path file, ImageLimits limits) {
    try {
      ImageFiles.check(file, limits);
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
