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
 * Image files below a folder, decoded when read. The first subfolder is the class; a file directly
 * in the folder has none. Files are in the order of their relative paths; hidden folders are passed
 * over. Or a list of such files, or of images packed into other files.
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

  private final Path place;
  private final Damaged damaged;
  private final ImageLimits limits;
  private final List<ImageFile> files = new ArrayList<>();
  private final List<Damage> leftOut;
  private final Listing listing;
  private final long[] fileBytes;
  private final Set<ImageFile> failed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();

  /** With the usual limits. */
  public ImageFolder(Path folder, int side, int channels, Damaged damaged) throws IOException {
    this(folder, side, channels, damaged, ImageLimits.DEFAULT);
  }

  /** Lists the folder and reads all headers. */
  public ImageFolder(Path folder, int side, int channels, Damaged damaged, ImageLimits limits)
      throws IOException {
    this(folder, FolderScan.of(folder), side, channels, damaged, limits);
  }

  private ImageFolder(
      Path folder, FolderScan scan, int side, int channels, Damaged damaged, ImageLimits limits)
      throws IOException {
    this(folder, scan.images(folder), scan.passedOver(), side, channels, damaged, limits);
  }

  /** Of images that are listed. @param place what they are in, for errors */
  ImageFolder(
      Path place,
      List<ImageFile> images,
      int side,
      int channels,
      Damaged damaged,
      ImageLimits limits)
      throws IOException {
    this(place, images, List.of(), side, channels, damaged, limits);
  }

  /** Of files in their order, without classes. */
  public static ImageFolder of(
      List<Path> files, int side, int channels, Damaged damaged, ImageLimits limits)
      throws IOException {
    List<ImageFile> images =
        files.stream()
            .map(file -> ImageFile.whole(file, file.toString().replace('\\', '/'), ""))
            .toList();
    return new ImageFolder(files.get(0), images, side, channels, damaged, limits);
  }

  private ImageFolder(
      Path place,
      List<ImageFile> found,
      List<Damage> passedOver,
      int side,
      int channels,
      Damaged damaged,
      ImageLimits limits)
      throws IOException {
    ImageSource.requireFormat(side, channels);
    this.place = place;
    this.damaged = damaged;
    this.limits = limits;
    leftOut = new ArrayList<>(passedOver);
    List<IOException> faults =
        found.parallelStream().map(file -> headerFault(file, limits)).toList();
    for (int i = 0; i < found.size(); i++) {
      ImageFile file = found.get(i);
      if (faults.get(i) == null) {
        files.add(file);
      } else if (damaged == Damaged.FAIL) {
        throw faults.get(i);
      } else {
        leftOut.add(new Damage(file.name(), faults.get(i).getMessage()));
      }
    }
    report(found.size());
    List<String> named =
        files.stream()
            .map(ImageFile::className)
            .filter(name -> !name.isEmpty())
            .distinct()
            .sorted()
            .toList();
    listing =
        new Listing(
            side,
            channels,
            named,
            files.stream().mapToInt(file -> named.indexOf(file.className())).toArray(),
            files.stream().map(ImageFile::name).toList());
    fileBytes = new long[files.size()];
    for (int i = 0; i < fileBytes.length; i++) {
      ImageFile file = files.get(i);
      fileBytes[i] = file.length() == ImageFile.WHOLE ? Files.size(file.file()) : file.length();
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
      ImageFile file = files.get(candidate);
      if (label(candidate) != label(index) || (tried > 0 && failed.contains(file))) {
        continue;
      }
      try {
        Raster image = file.decode(limits).withChannels(channels()).fitted(side());
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
              ? "no " + ImageFiles.ENDINGS + " file in it or below it"
              : "none of its " + found + " images can be read";
      String example = leftOut.isEmpty() ? "" : "; " + leftOut.get(0).reason();
      throw new IOException(place + ": " + why + example);
    }
    if (!leftOut.isEmpty()) {
      log.warn(
          "{}: left out {}, kept {} images; {}",
          place,
          leftOut.size(),
          files.size(),
          leftOut.get(0).reason());
    }
  }

  private static IOException headerFault(ImageFile file, ImageLimits limits) {
    try {
      file.check(limits);
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
