package io.mvq.spark;

import io.mvq.Code;
import io.mvq.CodeRows;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * A DataFrame's images to codes and back, by a model that each executor opens once. In Scala {@code
 * images.transform(encoder.encode(_, "content"))}.
 *
 * <p>Rows stream by in batches of 64, within their partition and in their order. A code is that
 * which {@code mvq encode} gives the image, whatever partition it is in. An image that cannot be
 * read is a row with its reason in {@code error} and no code; the job goes on.
 */
public final class MvqEncoder implements Serializable {
  private static final long serialVersionUID = 1;

  static final StructField TOKENS =
      Columns.field("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false));
  static final StructField MASKS =
      Columns.field("masks", DataTypes.createArrayType(DataTypes.LongType, false));
  static final StructField MODEL = Columns.field("model", DataTypes.StringType);
  private static final StructField PNG = Columns.field("png", DataTypes.BinaryType);

  private final SharedModel model;

  /** With a model that all executors can open. */
  public MvqEncoder(SharedModel model) {
    this.model = model;
  }

  /** The model, whose identity codes name. */
  public SharedModel model() {
    return model;
  }

  /**
   * The columns given without the images', and {@code tokens} (array of int), {@code masks} (array
   * of bigint, the words that {@link Code#maskWords} has; empty of a model without masks), {@code
   * model} (its identity, a string) and {@code error} (a string). Where {@code error} is not null
   * the three are.
   *
   * @param column of files' bytes (binary) or of Spark's image struct
   * @throws IllegalArgumentException if there is no such column, or one of a new column's name
   */
  public Dataset<Row> encode(Dataset<Row> images, String column) {
    ImageColumn image = ImageColumn.of(images.schema(), column);
    Columns columns =
        Columns.of(images.schema(), List.of(column), TOKENS, MASKS, MODEL, Columns.ERROR);
    ImageRows rows =
        new ImageRows(
            model,
            image,
            columns,
            (codec, batch) ->
                CodeRows.of(codec.encode(batch), codec.identity()).stream()
                    .map(MvqEncoder::values)
                    .toList());
    return images.mapPartitions(
        (MapPartitionsFunction<Row, Row>) rows::of, Encoders.row(columns.result()));
  }

  private static Object[] values(Code code) {
    return new Object[] {code.tokens(), code.maskWords(), code.model().digest()};
  }

  /**
   * The columns given without the codes', and {@code png} (binary), the picture that {@code mvq
   * decode} makes of the code, and {@code error}: what {@link #encode} said, or why these tokens
   * and masks are no code of this model.
   *
   * @param codes with the columns that {@link #encode} makes, {@code error} may be missing
   */
  public Dataset<Row> decode(Dataset<Row> codes) {
    List<String> away = List.of(TOKENS.name(), MASKS.name(), MODEL.name(), Columns.ERROR.name());
    Columns columns = Columns.of(codes.schema(), away, PNG, Columns.ERROR);
    CodeColumns rows = CodeColumns.of(model, codes.schema(), columns);
    return codes.map((MapFunction<Row, Row>) rows::decoded, Encoders.row(columns.result()));
  }
}
