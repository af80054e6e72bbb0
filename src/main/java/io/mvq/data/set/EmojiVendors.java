package io.mvq.data.set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mvq.data.Dataset;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.Packages;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same emoji as three vendors draw them: Noto (Google), Twemoji (Twitter) and Fluent 3D
 * (Microsoft), 64 x 64 on white, labelled by subcategory; licences in data/README.md.
 *
 * <p>The split is by glyph and the same for all vendors. A glyph, its skin tones and glyphs that
 * share a picture with one of them (some flags) are one group.
 */
final class EmojiVendors {
  private EmojiVendors() {}

  /**
   * @param images folder of files named by code points, e.g. {@code 1f44d-1f3fd.png}
   */
  record Vendor(String name, Path images) {}

  /** Fetches the three packages if needed (152 MB), decodes them once, and opens the result. */
  static Dataset open(Packages packages, CacheFolder cache, int side, int channels)
      throws IOException {
    return DecodedSet.open(
            cache, "emoji-vendors-1", writer -> fetch(packages, writer), side, channels)
        .split("emoji-vendors");
  }

  private static void fetch(Packages packages, DecodedSet.Writer writer) throws IOException {
    Path google =
        packages.fetchNpm(
            "emoji-datasource-google",
            "16.0.0",
            "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438");
    Path twitter =
        packages.fetchNpm(
            "emoji-datasource-twitter",
            "16.0.0",
            "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877");
    Path fluent =
        packages.fetchNpm(
            "@lobehub/fluent-emoji-3d",
            "1.1.0",
            "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58");
    decode(
        google.resolve("package/emoji.json"),
        List.of(
            new Vendor("google", google.resolve("package/img/google/64")),
            new Vendor("twitter", twitter.resolve("package/img/twitter/64")),
            new Vendor("fluent", fluent.resolve("package/assets"))),
        writer);
  }

  /** Decodes all vendors' images, in the order of vendors and file names. */
  static void decode(Path emojiJson, List<Vendor> vendors, DecodedSet.Writer writer)
      throws IOException {
    Groups groups = new Groups();
    Map<String, String> subcategories = subcategories(emojiJson, groups);
    List<List<Path>> files = new ArrayList<>();
    List<List<Raster>> images = new ArrayList<>();
    for (Vendor vendor : vendors) {
      List<Path> listed = list(vendor.images());
      List<Raster> decoded = new ArrayList<>();
      Map<ByteBuffer, String> seen = new HashMap<>();
      for (Path file : listed) {
        Raster image =
            ImageFiles.decode(file, ImageLimits.DEFAULT).withChannels(3).fitted(DecodedSet.SIDE);
        String glyph = glyph(file.getFileName().toString());
        String first = seen.putIfAbsent(ByteBuffer.wrap(image.pixels()), glyph);
        groups.join(glyph, first == null ? glyph : first);
        decoded.add(image);
      }
      files.add(listed);
      images.add(decoded);
    }
    for (int v = 0; v < vendors.size(); v++) {
      for (int i = 0; i < files.get(v).size(); i++) {
        Path file = files.get(v).get(i);
        String glyph = glyph(file.getFileName().toString());
        String subcategory = subcategories.get(glyph);
        if (subcategory == null) {
          throw new IOException(file + ": " + emojiJson + " has no glyph " + glyph);
        }
        String name = vendors.get(v).name() + "/" + file.getFileName();
        writer.add(images.get(v).get(i), name, subcategory, groups.of(glyph));
      }
    }
  }

  /**
   * The base glyph of a file name, written as {@link Emoji#base} does: Fluent's names lack leading
   * zeros, and have underscores but no cancel tag (e007f) in the flags of nations.
   */
  static String glyph(String fileName) {
    String points = fileName.substring(0, fileName.lastIndexOf('.')).toLowerCase(Locale.ROOT);
    String padded =
        Arrays.stream(points.split("[-_]"))
            .map(point -> "0".repeat(Math.max(0, 4 - point.length())) + point)
            .collect(Collectors.joining("-"));
    return Emoji.base(padded).replace("-e007f", "");
  }

  private static Map<String, String> subcategories(Path emojiJson, Groups groups)
      throws IOException {
    Map<String, String> subcategories = new HashMap<>();
    for (JsonNode entry : new ObjectMapper().readTree(emojiJson.toFile())) {
      String glyph = glyph(entry.path("image").asText());
      subcategories.put(glyph, entry.path("subcategory").asText());
      // Two people's tones can differ, and then their variants have another base name.
      for (JsonNode variant : entry.path("skin_variations")) {
        String other = glyph(variant.path("image").asText());
        subcategories.put(other, entry.path("subcategory").asText());
        groups.join(other, glyph);
      }
    }
    return subcategories;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(ImageFiles::isImage)
          .sorted(Comparator.comparing(file -> file.getFileName().toString()))
          .toList();
    }
  }
}
