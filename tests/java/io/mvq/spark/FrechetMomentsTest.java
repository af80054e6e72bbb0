package io.mvq.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.data.Batches;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.data.set.Datasets;
import io.mvq.data.set.ImageFolder;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.MomentSums;
import io.mvq.metric.SmallClassifier;
import io.mvq.run.Codec;
import io.mvq.run.Features;
import io.mvq.run.Run;
import io.mvq.tensor.ComputeThreads;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrechetMomentsTest {
  private static final int SIDE = 32;
  private static final int PICTURES = 192;

  @TempDir static Path home;
  private static SparkSession spark;
  private static Path photos;
  private static Path classifier;

  @BeforeAll
  static void trainAClassifier() throws IOException {
    spark = SparkTests.session();
    ComputeThreads.set(1);
    photos = home.resolve("photos");
    for (int i = 0; i < PICTURES; i++) {
      Path folder = Files.createDirectories(photos.resolve(i % 2 == 0 ? "even" : "odd"));
      Files.write(folder.resolve(i + ".png"), SparkTests.png(i));
    }
    classifier = home.resolve("features.safetensors");
    Dataset set = Datasets.open(photos.toString(), SIDE, 3);
    Features.of(set, classifier, new Features.Making(2, 1, false));
  }

  /** As {@code mvq evaluate} gathers them, in one process. */
  private static double localDistance() throws IOException {
    SmallClassifier network = Features.read(classifier);
    Codec codec = Codec.of(new Run(SparkTests.emoji()), Devices.named("cpu"));
    ImageSource images = new ImageFolder(photos, SIDE, 3, ImageFolder.Damaged.FAIL);
    try (FeatureMoments real = new FeatureMoments(network.width());
        FeatureMoments made = new FeatureMoments(network.width());
        Batches batches = Batches.inOrder(images, 64, 1)) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          real.add(network.features(pixels));
          made.add(network.features(codec.model().reconstructor().of(pixels, 1).winner()));
        }
      }
      return FrechetDistance.between(real, made);
    }
  }

  private static double distance(MomentSums a, MomentSums b) {
    try (FeatureMoments one = new FeatureMoments(a);
        FeatureMoments other = new FeatureMoments(b)) {
      return FrechetDistance.between(one, other);
    }
  }

  @Test
  void theDistanceIsThatOfOneProcess() throws IOException {
    SharedModel model = SharedModel.broadcast(spark, SparkTests.emoji());
    MvqFeatures features = new MvqFeatures(SharedNetwork.classifier(spark, classifier), model);
    var files =
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", true)
            .load(photos.toString())
            .repartition(11);
    MomentSums real = FrechetMoments.of(features.ofImages(files, "content"), "features");
    MomentSums made = FrechetMoments.of(features.ofReconstructions(files, "content"), "features");
    assertThat(real.count()).isEqualTo(PICTURES);
    double local = localDistance();
    assertThat(local).isGreaterThan(0.01);
    // sums are exact; the features of other batches are not quite the same
    assertThat(distance(real, made)).isCloseTo(local, within(1e-7));
  }

  private static Row vector(int number, int width) {
    SplittableRandom random = new SplittableRandom(number);
    float[] values = new float[width];
    for (int d = 0; d < width; d++) {
      values[d] = 1000 + d + (float) random.nextDouble();
    }
    return RowFactory.create((Object) values);
  }

  private static org.apache.spark.sql.Dataset<Row> vectors(int count, int width) {
    List<Row> rows = IntStream.range(0, count).mapToObj(i -> vector(i, width)).toList();
    return spark.createDataFrame(rows, new StructType().add("v", "array<float>"));
  }

  @Test
  void manyPartitionsGiveTheBitsOfOneProcess() {
    var vectors = vectors(700, 5).repartition(18); // a tree of three levels
    MomentSums sums = FrechetMoments.of(vectors, "v");
    try (PointerScope scope = new PointerScope();
        FeatureMoments whole = new FeatureMoments(5)) {
      IntStream.range(0, 700)
          .mapToObj(i -> vector(i, 5).<float[]>getAs(0))
          .forEach(row -> whole.add(Tensors.of(row, 1, 5)));
      assertThat(sums.count()).isEqualTo(700);
      assertThat(sums.sum()).isEqualTo(whole.sums().sum());
      assertThat(sums.high()).isEqualTo(whole.sums().high());
      assertThat(sums.middle()).isEqualTo(whole.sums().middle());
      assertThat(sums.low()).isEqualTo(whole.sums().low());
    }
  }

  @Test
  void rowsWithoutFeaturesAreLeftOut() {
    var some = vectors(30, 2).selectExpr("if(v[0] > 1000.5, v, cast(null as array<float>)) as v");
    assertThat(FrechetMoments.of(some, "v").count()).isEqualTo(some.where("v is not null").count());
    assertThatThrownBy(() -> FrechetMoments.of(some.where("v is null"), "v"))
        .hasMessage("no row of column \"v\" has features");
    assertThatThrownBy(() -> FrechetMoments.of(some, "w"))
        .hasMessage("no column \"w\"; there are: v");
    assertThatThrownBy(() -> FrechetMoments.of(some.selectExpr("1 as v"), "v"))
        .hasMessage("column \"v\" must be array<float>, got int");
  }
}
