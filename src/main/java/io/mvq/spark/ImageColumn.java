package io.mvq.spark;

import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A column of images: the bytes of files, as the source {@code binaryFile} or Parquet has them, or
 * the struct of Spark's source {@code image}, whose pixels are 8 bits a channel, blue first.
 *
 * @param parts where the struct has its height, width, type and bytes; null for files
 */
record ImageColumn(int place, int[] parts) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of OpenCV's types those that Spark writes, and their channels. */
  private static final Map<Integer, Integer> CHANNELS = Map.of(0, 1, 16, 3, 24, 4);

  private static final List<String> STRUCT = List.of("height", "width", "mode", "data");

  static ImageColumn of(StructType rows, String column) {
    int place = Columns.place(rows, column);
    var type = rows.fields()[place].dataType();
    if (type.equals(DataTypes.BinaryType)) {
      return new ImageColumn(place, null);
    }
    if (type instanceof StructType struct && List.of(struct.fieldNames()).containsAll(STRUCT)) {
      return new ImageColumn(place, STRUCT.stream().mapToInt(struct::fieldIndex).toArray());
    }
    throw new IllegalArgumentException(
        String.format(
            "column \"%s\" must hold images as binary (binaryFile, Parquet) or as Spark's image"
                + " struct, got %s",
            column, type.simpleString()));
  }

  /** The image of a row. @throws IOException saying why there is none */
  Raster read(Row row) throws IOException {
    if (row.isNullAt(place)) {
      throw new IOException("no image: the column is null");
    }
    if (parts == null) {
      return ImageFiles.decode("the image", row.getAs(place), ImageLimits.DEFAULT);
    }
    return pixels(row.getStruct(place));
  }

  private Raster pixels(Row image) throws IOException {
    int height = image.getInt(parts[0]);
    int width = image.getInt(parts[1]);
    int mode = image.getInt(parts[2]);
    byte[] data = image.getAs(parts[3]);
    Integer channels = CHANNELS.get(mode);
    if (channels == null) {
      throw new IOException(
          mode == -1
              ? "no image: Spark's image source could not read it"
              : "the image has OpenCV's type " + mode + ", must be one of 0, 16 and 24");
    }
    if (height < 1
        || width < 1
        || data == null
        || (long) height * width * channels != data.length) {
      throw new IOException(
          String.format(
              "the image has %d x %d pixels of %d channels in %d bytes",
              width, height, channels, data == null ? 0 : data.length));
    }
    return channels == 1
        ? new Raster(1, height, width, data)
        : Raster.of(picture(data, channels, height, width));
  }

  /** Alpha is then composited as that of a file. */
  private static BufferedImage picture(byte[] data, int channels, int height, int width) {
    int kind = channels == 4 ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
    BufferedImage picture = new BufferedImage(width, height, kind);
    for (int p = 0; p < width * height; p++) {
      int at = p * channels;
      int rgb = (data[at + 2] & 255) << 16 | (data[at + 1] & 255) << 8 | data[at] & 255;
      int alpha = channels == 4 ? data[at + 3] & 255 : 255;
      picture.setRGB(p % width, p / width, alpha << 24 | rgb);
    }
    return picture;
  }
}
