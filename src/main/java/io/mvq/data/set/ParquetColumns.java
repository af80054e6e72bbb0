package io.mvq.data.set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Which columns of a Parquet file are images and classes: the first group with {@code bytes}, or
 * binary column with a name for images; the first that the features in the file's metadata call
 * {@code ClassLabel}, or whose name says so.
 *
 * @param image its name
 * @param isGroup whether it is a group with bytes
 * @param label its name; null for none
 * @param classes names of the labels; empty where the column's values are the names
 */
record ParquetColumns(String image, boolean isGroup, String label, List<String> classes) {
  private static final String BYTES = "bytes";
  private static final Set<String> IMAGES = Set.of("image", "img", "jpg", "png");
  private static final List<String> LABELS = List.of("label", "labels", "class", "fine_label");

  static ParquetColumns of(Path file) throws IOException {
    FileMetaData about;
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      about = reader.getFooter().getFileMetaData();
    }
    MessageType schema = about.getSchema();
    String image = null;
    boolean isGroup = false;
    for (Type column : schema.getFields()) {
      boolean group = !column.isPrimitive() && column.asGroupType().containsField(BYTES);
      boolean plain =
          column.isPrimitive()
              && column.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
              && IMAGES.contains(column.getName());
      if (image == null && (group || plain)) {
        image = column.getName();
        isGroup = group;
      }
    }
    if (image == null) {
      List<String> names = schema.getFields().stream().map(Type::getName).toList();
      throw new IOException("no column of images, with bytes, among its columns " + names);
    }
    JsonNode features = features(about);
    String label = null;
    for (var feature : features.properties()) {
      if (label == null && feature.getValue().path("_type").asText().equals("ClassLabel")) {
        label = feature.getKey();
      }
    }
    List<String> classes = new ArrayList<>();
    if (label != null && schema.containsField(label)) {
      features.path(label).path("names").forEach(name -> classes.add(name.asText()));
    } else {
      label = LABELS.stream().filter(schema::containsField).findFirst().orElse(null);
    }
    return new ParquetColumns(image, isGroup, label, List.copyOf(classes));
  }

  private static JsonNode features(FileMetaData about) throws IOException {
    String json = about.getKeyValueMetaData().getOrDefault("huggingface", "{}");
    return new ObjectMapper().readTree(json).path("info").path("features");
  }

  /** A row's image; null if it has none. */
  Binary image(Map<?, ?> row) {
    Object value = row.get(image);
    if (isGroup && value instanceof Map<?, ?> group) {
      value = group.get(BYTES);
    }
    return value instanceof Binary bytes ? bytes : null;
  }

  /** A row's class; empty if it has none. */
  String className(Map<?, ?> row) throws IOException {
    Object value = label == null ? null : row.get(label);
    if (value == null) {
      return "";
    }
    if (classes.isEmpty() || !(value instanceof Number number)) {
      return value.toString();
    }
    int index = number.intValue();
    if (index >= classes.size()) {
      throw new IOException(label + " must be below " + classes.size() + " classes, got " + number);
    }
    return index < 0 ? "" : classes.get(index);
  }
}
