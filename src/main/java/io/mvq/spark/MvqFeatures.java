package io.mvq.spark;

import io.mvq.metric.FeatureNetwork;
import io.mvq.run.Codec;
import io.mvq.tensor.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Features of images and of a model's reconstructions of them, as {@code mvq evaluate} compares
 * them: {@link FrechetMoments} sums them up. Damaged images are rows with their reason and no
 * features.
 */
public final class MvqFeatures implements Serializable {
  private static final long serialVersionUID = 1;
  private static final StructField FEATURES = Columns.field("features", Columns.FLOATS);

  private final SharedNetwork network;
  private final SharedModel model;

  /**
   * @param network whose features they are
   * @param model whose images' side and channels the images are brought to, and which reconstructs
   */
  public MvqFeatures(SharedNetwork network, SharedModel model) {
    this.network = network;
    this.model = model;
  }

  /** In place of the images {@code features} (array of float) and {@code error}. */
  public Dataset<Row> ofImages(Dataset<Row> images, String column) {
    SharedNetwork shared = network;
    return map(images, column, (codec, batch) -> rows(PerExecutor.of(shared), batch));
  }

  /** The same of what the model makes of the images by their winners' masks. */
  public Dataset<Row> ofReconstructions(Dataset<Row> images, String column) {
    SharedNetwork shared = network;
    return map(
        images,
        column,
        (codec, batch) -> rows(PerExecutor.of(shared), reconstructed(codec, batch)));
  }

  private static Tensor reconstructed(Codec codec, Tensor images) {
    try (NoGradGuard guard = new NoGradGuard()) {
      var codes = codec.model().autoencoder().encode(images);
      return codec.model().autoencoder().decode(codes.tokens(), codes.masks());
    }
  }

  private Dataset<Row> map(Dataset<Row> images, String column, ImageRows.Compute compute) {
    ImageColumn image = ImageColumn.of(images.schema(), column);
    Columns columns = Columns.of(images.schema(), List.of(column), FEATURES, Columns.ERROR);
    ImageRows rows = new ImageRows(model, image, columns, compute);
    return images.mapPartitions(
        (MapPartitionsFunction<Row, Row>) rows::of, Encoders.row(columns.result()));
  }

  private static List<Object[]> rows(FeatureNetwork network, Tensor images) {
    float[] all = Tensors.floats(network.features(images));
    List<Object[]> rows = new ArrayList<>();
    for (int start = 0; start < all.length; start += network.width()) {
      rows.add(new Object[] {Arrays.copyOfRange(all, start, start + network.width())});
    }
    return rows;
  }
}
