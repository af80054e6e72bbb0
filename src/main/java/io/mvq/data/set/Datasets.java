package io.mvq.data.set;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.Packages;
import io.mvq.data.format.CifarFiles;
import io.mvq.data.format.IdxFiles;
import io.mvq.data.format.Imagenet64;
import io.mvq.data.format.NumpyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a set of images by a short text, as given on the command line. */
public final class Datasets {
  private Datasets() {}

  /** What {@link #open} understands. */
  public static final String FORMS =
      "emoji, emoji-vendors, photos, fashion-mnist, idx:FOLDER, cifar10:FOLDER,"
          + " imagenet64:FOLDER, npz:FILE (.npz or .npy), or a folder of images (train/ and test/ in it if there; their subfolders are the classes)";

  private static final Path FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  /**
   * Opens a set; every image is scaled to {@code side} and converted to {@code channels}.
   *
   * @param spec one of {@link #FORMS}; a set without a split of its own gets one by a hash of names
   */
  public static Dataset open(String spec, int side, int channels) throws IOException {
    ImageSource.requireFormat(side, channels);
    int colon = spec.indexOf(':');
    String form = colon < 0 ? spec : spec.substring(0, colon);
    Path path = Path.of(spec.substring(colon + 1));
    return switch (form) {
      case "emoji" -> Emoji.load(side, channels).split();
      case "emoji-vendors" ->
          EmojiVendors.open(Packages.ofThisUser(), CacheFolder.ofThisUser(), side, channels);
      case "photos" ->
          Photographs.open(Packages.ofThisUser(), CacheFolder.ofThisUser(), side, channels);
      case "fashion-mnist" -> fashionMnist(FASHION_MNIST, Packages.ofThisUser(), side, channels);
      case "idx" -> IdxFiles.open("idx", folder(path), IdxFiles.DIGITS, side, channels);
      case "cifar10" -> CifarFiles.open(folder(path), side, channels);
      case "imagenet64" -> Imagenet64.open(CacheFolder.ofThisUser(), folder(path), side, channels);
      case "npz" -> NumpyFiles.open(path, side, channels);
      default -> images(spec, side, channels);
    };
  }

  /** Where Debian's package installs it, or else that package fetched into the cache. */
  static Dataset fashionMnist(Path installed, Packages packages, int side, int channels)
      throws IOException {
    Path folder = installed;
    if (!Files.isDirectory(installed)) {
      try {
        Path unpacked = packages.fetchDebian("dataset-fashion-mnist", null, null);
        folder = unpacked.resolve("usr/share/datasets/fashion-mnist");
      } catch (IOException e) {
        throw new IOException(
            String.format(
                "no Fashion-MNIST at %s; %s; or name a folder of its four files with idx:FOLDER",
                installed, e.getMessage()),
            e);
      }
    }
    return IdxFiles.open("fashion-mnist", folder, IdxFiles.FASHION, side, channels);
  }

  private static Dataset images(String spec, int side, int channels) throws IOException {
    Path folder = Path.of(spec);
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "data must be one of: " + FORMS + "; got \"" + spec + "\", which is no folder");
    }
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    Path train = folder.resolve("train");
    Path test = folder.resolve("test");
    if (Files.isDirectory(train) && Files.isDirectory(test)) {
      ImageFolder training = open(train, side, channels);
      ImageFolder heldOut = open(test, side, channels);
      if (!training.classes().equals(heldOut.classes())) {
        throw new IOException(
            String.format(
                "%s: train/ and test/ must have the same subfolders (classes), got %s and %s",
                folder, training.classes(), heldOut.classes()));
      }
      return new Dataset(name, training, heldOut);
    }
    ImageFolder all = open(folder, side, channels);
    return Dataset.split(name, all, all::name);
  }

  private static ImageFolder open(Path folder, int side, int channels) throws IOException {
    return new ImageFolder(folder, side, channels, ImageFolder.Damaged.SKIP);
  }

  private static Path folder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException("no folder at " + path.toAbsolutePath());
    }
    return path;
  }
}
