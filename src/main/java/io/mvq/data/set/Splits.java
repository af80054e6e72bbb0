package io.mvq.data.set;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a folder is split into images to train on and images held out, by the usual names of its
 * subfolders: {@code train} (or {@code training}), and {@code test}, {@code val}, {@code valid},
 * {@code validation} or {@code dev}.
 *
 * @param train the folder to train on
 * @param heldOut the folder held out; null where the set has none and is split by a hash of names
 */
record Splits(Path train, Path heldOut) {
  private static final List<String> TRAIN = List.of("train", "training");

  /** The first that is there is taken; the others are neither trained on nor measured. */
  private static final List<String> HELD_OUT =
      List.of("test", "testing", "val", "valid", "validation", "dev", "eval");

  private static final Pattern LIKE_A_SPLIT =
      Pattern.compile(
          "(train|test|val|valid|validation|dev|eval|training|testing|holdout|heldout|unlabeled"
              + "|unlabelled|fold|split)([^a-z].*)?");

  static Splits of(Path folder) throws IOException {
    List<Path> below = FolderScan.folders(folder);
    Path train = first(below, TRAIN);
    Path heldOut = first(below, HELD_OUT);
    if (train != null && heldOut != null) {
      return new Splits(train, heldOut);
    }
    List<String> others = new ArrayList<>();
    below.stream().map(Splits::name).filter(n -> !isSplit(n)).forEach(others::add);
    if (heldOut != null) {
      throw refused(
          folder,
          "its folder "
              + heldOut.getFileName()
              + " is known as held-out images, but there is no folder train"
              + (others.isEmpty() ? "" : " and there are others, " + shortened(others)));
    }
    if (train != null && others.isEmpty()) {
      return new Splits(train, null);
    }
    if (!others.isEmpty() && train == null) {
      if (others.stream().allMatch(name -> LIKE_A_SPLIT.matcher(lower(name)).matches())) {
        throw refused(
            folder, "its folders " + shortened(others) + " look like splits, not classes");
      }
    }
    return new Splits(folder, null);
  }

  /** A set of both sides, whose classes must be equal; {@code both} says so in an error. */
  static Dataset joined(String name, ImageSource train, ImageSource heldOut, String both)
      throws IOException {
    if (!train.classes().equals(heldOut.classes())) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s, got %s and %s", both, train.classes(), heldOut.classes()));
    }
    return new Dataset(name, train, heldOut);
  }

  private static IOException refused(Path folder, String why) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "%s: %s; name the folders train and one of %s, or give one of them as the data",
            folder,
            why,
            String.join(", ", HELD_OUT)));
  }

  private static boolean isSplit(String name) {
    return TRAIN.contains(lower(name)) || HELD_OUT.contains(lower(name));
  }

  private static Path first(List<Path> folders, List<String> names) {
    for (String name : names) {
      for (Path folder : folders) {
        if (lower(name(folder)).equals(name)) {
          return folder;
        }
      }
    }
    return null;
  }

  private static String shortened(List<String> names) {
    return names.size() <= 4
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 4)) + " and " + (names.size() - 4) + " more";
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
