package io.mvq.data.set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * The file {@code data/emoji.xz}: an xz stream of one line of JSON, {@code {"side": 64, "images":
 * [["file name", "subcategory"], ...]}}, then for each image side * side * 3 bytes, interleaved
 * RGB.
 *
 * @param names file names without ending, code points in hexadecimal joined by dashes
 * @param subcategories one an image, e.g. {@code food-fruit}
 * @param images interleaved RGB (side, side, 3)
 */
record EmojiPack(int side, List<String> names, List<String> subcategories, byte[][] images) {
  private static final ObjectMapper json = new ObjectMapper();
  private static final int MOST_KIB = 128 * 1024; // memory of the xz decoder
  private static final int MOST_INDEX = 1 << 22;
  private static final int MOST_IMAGES = 20_000;

  /** Reads a packed file. */
  static EmojiPack read(Path file) throws IOException {
    try (InputStream in =
        new BufferedInputStream(new XZInputStream(Files.newInputStream(file), MOST_KIB))) {
      JsonNode index = json.readTree(line(in));
      int side = index.path("side").asInt();
      List<String> names = new ArrayList<>();
      List<String> subcategories = new ArrayList<>();
      for (JsonNode entry : index.path("images")) {
        names.add(entry.path(0).asText());
        subcategories.add(entry.path(1).asText());
      }
      if (side < 1 || side > 256 || names.size() > MOST_IMAGES) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "side must be 1 to 256 and images at most %d, got %d and %d",
                MOST_IMAGES,
                side,
                names.size()));
      }
      byte[][] images = new byte[names.size()][];
      for (int i = 0; i < images.length; i++) {
        images[i] = in.readNBytes(side * side * 3);
        if (images[i].length < side * side * 3) {
          throw new IOException("ends within image " + i + " of " + images.length);
        }
      }
      return new EmojiPack(side, names, subcategories, images);
    } catch (IOException e) {
      throw new IOException(file + ": not a readable emoji pack: " + e.getMessage(), e);
    }
  }

  /** Writes the packed file; equal packs give equal bytes. */
  void write(Path file) throws IOException {
    ObjectNode index = json.createObjectNode().put("side", side);
    ArrayNode entries = index.putArray("images");
    for (int i = 0; i < names.size(); i++) {
      entries.addArray().add(names.get(i)).add(subcategories.get(i));
    }
    LZMA2Options options = new LZMA2Options(LZMA2Options.PRESET_MAX);
    // As large as what is packed: the preset's own takes 700 MB of heap even for a few bytes.
    long bytes = 4096L + (long) images.length * side * side * 3;
    long whole = Long.highestOneBit(bytes - 1) << 1;
    options.setDictSize((int) Math.min(options.getDictSize(), whole));
    options.setLcLp(4, 0);
    options.setPb(0);
    options.setNiceLen(LZMA2Options.NICE_LEN_MAX);
    // The encoder takes some 11 times the dictionary: no more of it than a small pack can use.
    long pixels = (long) images.length * side * side * 3;
    if (pixels < options.getDictSize() / 2) {
      options.setDictSize((int) Math.max(LZMA2Options.DICT_SIZE_MIN, pixels));
    }
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(file), options)) {
      out.write(json.writeValueAsBytes(index));
      out.write('\n');
      for (byte[] image : images) {
        out.write(image);
      }
    }
  }

  /** Packs the 64 x 64 PNGs of an unpacked emoji-datasource-google; data/make-emoji.sh calls it. */
  public static void main(String[] arguments) throws IOException {
    Path unpacked = Path.of(arguments[0]);
    Map<String, String> subcategories =
        subcategories(json.readTree(unpacked.resolve("emoji.json").toFile()));
    List<Path> files;
    try (var listed = Files.list(unpacked.resolve("img/google/64"))) {
      files =
          listed
              .filter(ImageFiles::isImage)
              // A glyph's skin tones side by side compress better.
              .sorted(
                  Comparator.comparing((Path file) -> Emoji.base(name(file)))
                      .thenComparing(EmojiPack::name))
              .toList();
    }
    byte[][] images = new byte[files.size()][];
    for (int i = 0; i < images.length; i++) {
      images[i] = interleaved(ImageFiles.decode(files.get(i), ImageLimits.DEFAULT).withChannels(3));
    }
    List<String> names = files.stream().map(EmojiPack::name).toList();
    new EmojiPack(64, names, names.stream().map(subcategories::get).toList(), images)
        .write(Path.of(arguments[1]));
  }

  private static Map<String, String> subcategories(JsonNode emoji) {
    Map<String, String> subcategories = new TreeMap<>();
    for (JsonNode glyph : emoji) {
      String subcategory = glyph.path("subcategory").asText();
      subcategories.put(withoutEnding(glyph.path("image").asText()), subcategory);
      for (JsonNode variant : glyph.path("skin_variations")) {
        subcategories.put(withoutEnding(variant.path("image").asText()), subcategory);
      }
    }
    return subcategories;
  }

  private static byte[] interleaved(Raster image) {
    int plane = image.height() * image.width();
    byte[] out = new byte[3 * plane];
    for (int p = 0; p < plane; p++) {
      for (int c = 0; c < 3; c++) {
        out[p * 3 + c] = image.pixels()[c * plane + p];
      }
    }
    return out;
  }

  private static String name(Path file) {
    return withoutEnding(file.getFileName().toString());
  }

  private static String withoutEnding(String file) {
    return file.substring(0, file.lastIndexOf('.'));
  }

  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("ends within its index");
      }
      if (line.size() == MOST_INDEX) {
        throw new IOException("its index must be at most " + MOST_INDEX + " bytes");
      }
      line.write(b);
    }
    return line.toByteArray();
  }
}
