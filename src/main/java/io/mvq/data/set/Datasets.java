package io.mvq.data.set;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.DebianPackage;
import io.mvq.data.fetch.Packages;
import io.mvq.data.format.CifarFiles;
import io.mvq.data.format.IdxFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Imagenet64;
import io.mvq.data.format.NumpyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Finds a set of images by a short text, as given on the command line. */
public final class Datasets {
  private Datasets() {}

  /** What {@link #open} understands. */
  public static final String FORMS =
      "emoji, clothes, emoji-vendors, photos, fashion-mnist, idx:FOLDER, cifar10:FOLDER,"
          + " imagenet64:FOLDER, npz:FILE (.npz or .npy), tar:FILE or tar:FOLDER (webdataset's shards),"
          + " parquet:FILE or parquet:FOLDER (as Hugging Face has them),"
          + " or a folder of images (train/ and test/ or"
          + " val/ in it if there; their subfolders are the classes); set:NAME and ./NAME tell a set"
          + " from a folder of its name";

  private static final List<String> SETS =
      List.of("emoji", "clothes", "emoji-vendors", "photos", "fashion-mnist");
  private static final List<String> FILES =
      List.of("idx", "cifar10", "imagenet64", "npz", "tar", "parquet");
  private static final Path FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");
  private static final DebianPackage FASHION_PACKAGE =
      new DebianPackage(
          "dataset-fashion-mnist",
          "0.0~git20200523.55506a9-1",
          "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0");

  /** As {@link #open(String, int, int, ImageLimits)}, with the usual limits. */
  public static Dataset open(String spec, int side, int channels) throws IOException {
    return open(spec, side, channels, ImageLimits.DEFAULT);
  }

  /**
   * Opens a set; every image is scaled to {@code side} and converted to {@code channels}.
   *
   * @param spec one of {@link #FORMS}; a set without a split of its own gets one by a hash of names
   * @param limits for a folder of images
   */
  public static Dataset open(String spec, int side, int channels, ImageLimits limits)
      throws IOException {
    return open(spec, side, channels, limits, ImageFolder.Damaged.SKIP);
  }

  /** The same. @param damaged what to do with images of a folder that cannot be read */
  public static Dataset open(
      String spec, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged)
      throws IOException {
    ImageSource.requireFormat(side, channels);
    try {
      return opened(spec, side, channels, limits, damaged);
    } catch (OutOfMemoryError e) {
      throw new IOException(
          spec
              + ": needs more memory than there is; give Java more (-Xmx), or is it a file that"
              + " unpacks without end?",
          e);
    }
  }

  private static Dataset opened(
      String spec, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged)
      throws IOException {
    String form = form(spec);
    String rest = spec.substring(spec.indexOf(':') + 1);
    return switch (form) {
      case "set" -> set(rest, side, channels);
      case "idx" -> IdxFiles.open("idx", folder(rest), IdxFiles.DIGITS, side, channels);
      case "cifar10" -> CifarFiles.open(folder(rest), side, channels);
      case "imagenet64" -> Imagenet64.open(CacheFolder.ofThisUser(), folder(rest), side, channels);
      case "npz" -> NumpyFiles.open(Path.of(rest), side, channels);
      case "parquet" -> parquet(side, channels, limits, damaged).open(Path.of(rest));
      case "tar" -> TarShards.open(Path.of(rest), side, channels, limits, damaged);
      default -> images(Path.of(spec), side, channels, limits, damaged);
    };
  }

  /**
   * What is to be encoded of a set: all of a folder's, tar or Parquet files' images, the held-out
   * ones of any other.
   *
   * @param spec one of {@link #FORMS}
   */
  public static ImageSource toEncode(
      String spec, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged)
      throws IOException {
    Path shards = Path.of(spec.substring(spec.indexOf(':') + 1));
    if (form(spec).equals("tar")) {
      return TarShards.images(shards, side, channels, limits, damaged);
    } else if (form(spec).equals("parquet")) {
      return parquet(side, channels, limits, damaged).images(shards);
    }
    return Files.isDirectory(Path.of(spec))
        ? new ImageFolder(Path.of(spec), side, channels, damaged, limits)
        : open(spec, side, channels, limits, damaged).test();
  }

  /**
   * The same data from any working folder: paths made absolute, a set named {@code set:NAME}.
   *
   * @param spec one of {@link #FORMS}
   */
  public static String absolute(String spec) {
    String form = form(spec);
    String rest = spec.substring(spec.indexOf(':') + 1);
    return switch (form) {
      case "set" -> "set:" + rest;
      case "" -> Path.of(spec).toAbsolutePath().normalize().toString();
      default -> form + ":" + Path.of(rest).toAbsolutePath().normalize();
    };
  }

  /** What stands before the colon, {@code set} for a set's name alone, empty for a folder. */
  private static String form(String spec) {
    int colon = spec.indexOf(':');
    if (colon >= 0) {
      String form = spec.substring(0, colon);
      return form.equals("set") || FILES.contains(form) ? form : "";
    }
    if (!SETS.contains(spec)) {
      return "";
    }
    if (Files.isDirectory(Path.of(spec))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "data \"%1$s\" is both a set and a folder here; write set:%1$s for the set or ./%1$s for"
                  + " the folder",
              spec));
    }
    return "set";
  }

  private static ParquetShards parquet(
      int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged) {
    return new ParquetShards(CacheFolder.ofThisUser(), side, channels, limits, damaged);
  }

  private static Dataset set(String name, int side, int channels) throws IOException {
    return switch (name) {
      case "emoji" -> Emoji.load(side, channels).split();
      case "clothes" -> clothes(side, channels);
      case "emoji-vendors" ->
          EmojiVendors.open(Packages.ofThisUser(), CacheFolder.ofThisUser(), side, channels);
      case "photos" ->
          Photographs.open(Packages.ofThisUser(), CacheFolder.ofThisUser(), side, channels);
      case "fashion-mnist" ->
          fashionMnist(FASHION_MNIST, Packages.ofThisUser(), FASHION_PACKAGE, side, channels);
      default ->
          throw new IllegalArgumentException(
              "set must be one of " + String.join(", ", SETS) + "; got \"" + name + "\"");
    };
  }

  /** The part of Fashion-MNIST that this repository holds. */
  private static Dataset clothes(int side, int channels) throws IOException {
    return IdxFiles.open("clothes", Embedded.file("clothes"), IdxFiles.FASHION, side, channels);
  }

  /** Where Debian's package installs it, or else that package fetched into the cache. */
  static Dataset fashionMnist(
      Path installed, Packages packages, DebianPackage debian, int side, int channels)
      throws IOException {
    Path folder = installed;
    if (!Files.isDirectory(installed)) {
      try {
        Path unpacked = packages.fetchDebian(debian);
        folder = unpacked.resolve("usr/share/datasets/fashion-mnist");
      } catch (IOException e) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "no Fashion-MNIST at %s; %s; or name a folder of its four files with idx:FOLDER",
                installed,
                e.getMessage()),
            e);
      }
    }
    return IdxFiles.open("fashion-mnist", folder, IdxFiles.FASHION, side, channels);
  }

  private static Dataset images(
      Path folder, int side, int channels, ImageLimits limits, ImageFolder.Damaged damaged)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "data must be one of: " + FORMS + "; got \"" + folder + "\", which is no folder");
    }
    Path last = folder.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "images" : last.toString();
    Splits splits = Splits.of(folder);
    ImageFolder training = new ImageFolder(splits.train(), side, channels, damaged, limits);
    if (splits.heldOut() == null) {
      return Dataset.split(name, training, training::name);
    }
    ImageFolder heldOut = new ImageFolder(splits.heldOut(), side, channels, damaged, limits);
    String both =
        String.format(
            Locale.ROOT,
            "%s: %s/ and %s/ must have the same subfolders (classes)",
            folder,
            splits.train().getFileName(),
            splits.heldOut().getFileName());
    return Splits.joined(name, training, heldOut, both);
  }

  private static Path folder(String path) throws IOException {
    Path folder = Path.of(path);
    if (!Files.isDirectory(folder)) {
      throw new IOException("no folder at " + folder.toAbsolutePath());
    }
    return folder;
  }
}
