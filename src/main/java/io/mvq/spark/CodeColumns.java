package io.mvq.spark;

import io.mvq.Code;
import io.mvq.CodeRows;
import io.mvq.picture.ImageGrid;
import io.mvq.recipe.Tokens;
import io.mvq.run.Codec;
import io.mvq.run.Identity;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.bytedeco.javacpp.PointerScope;

/**
 * Rows with a code each, as {@link MvqEncoder#encode} makes them.
 *
 * @param error its place; -1 without
 */
record CodeColumns(SharedModel shared, int tokens, int masks, int model, int error, Columns columns)
    implements Serializable {
  private static final long serialVersionUID = 1;

  static CodeColumns of(SharedModel shared, StructType rows, Columns columns) {
    return new CodeColumns(
        shared,
        place(rows, MvqEncoder.TOKENS),
        place(rows, MvqEncoder.MASKS),
        place(rows, MvqEncoder.MODEL),
        List.of(rows.fieldNames()).indexOf(Columns.ERROR.name()),
        columns);
  }

  private static int place(StructType rows, StructField wanted) {
    return Columns.place(rows, wanted.name(), wanted.dataType());
  }

  /** By itself, as {@code mvq decode} does it. */
  Row decoded(Row row) {
    Object[] keep = columns.keep(row);
    if (row.isNullAt(tokens)) {
      String why =
          error < 0 || row.isNullAt(error) ? "no code: tokens is null" : row.getString(error);
      return columns.failed(keep, why);
    }
    Codec codec = PerExecutor.of(shared);
    try (PointerScope scope = new PointerScope()) {
      byte[] png = ImageGrid.pngs(codec.decode(CodeRows.of(code(row, codec)))).get(0);
      return columns.row(keep, png);
    } catch (IllegalArgumentException e) {
      return columns.failed(keep, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Code code(Row row, Codec codec) {
    String own = codec.identity().digest();
    if (row.isNullAt(model) || !row.getString(model).equals(own)) {
      throw new IllegalArgumentException(
          "the code was made by the model " + row.get(model) + ", this is " + own);
    }
    int[] given = ArrayCells.ints(row, tokens);
    long[] words = row.isNullAt(masks) ? new long[0] : ArrayCells.longs(row, masks);
    Tokens made = codec.model().recipe().tokens();
    return new Code(new Identity(own), given, made.masked() ? made.maskWidth() : 0, words);
  }
}
