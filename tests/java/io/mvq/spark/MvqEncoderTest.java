package io.mvq.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.run.Exported;
import io.mvq.run.Identity;
import io.mvq.run.Part;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvqEncoderTest {
  private static final int PICTURES = 70; // more than a batch
  private static final StructType FILES =
      new StructType().add("id", DataTypes.IntegerType).add("bytes", DataTypes.BinaryType);

  @TempDir private Path home;
  private static SparkSession spark;
  private static MvqEncoder encoder;
  private static Tokenizer tokenizer;
  private static final List<Code> codes = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    spark = SparkTests.session();
    encoder = new MvqEncoder(SharedModel.broadcast(spark, SparkTests.emoji()));
    tokenizer = Tokenizer.load(SparkTests.emoji());
    for (int i = 0; i < PICTURES; i++) {
      codes.add(tokenizer.encode(SparkTests.png(i)));
    }
  }

  private static Row file(int id, byte[] bytes) {
    return RowFactory.create(id, bytes);
  }

  private static Dataset<Row> pictures() {
    List<Row> rows =
        IntStream.range(0, PICTURES).mapToObj(i -> file(i, SparkTests.png(i))).toList();
    return spark.createDataFrame(rows, FILES);
  }

  private static List<Row> byId(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .sorted(Comparator.comparingInt((Row row) -> row.getAs("id")))
        .toList();
  }

  private static Code code(Row row) {
    return new Code(
        new Identity(row.getAs("model")),
        row.<Integer>getList(row.fieldIndex("tokens")).stream().mapToInt(i -> i).toArray(),
        tokenizer.info().maskWidth(),
        row.<Long>getList(row.fieldIndex("masks")).stream().mapToLong(i -> i).toArray());
  }

  private static void requireCodesOf(Dataset<Row> encoded) throws IOException {
    List<Row> rows = byId(encoded);
    assertThat(rows).hasSize(PICTURES);
    for (int i = 0; i < PICTURES; i++) {
      assertThat(rows.get(i).<String>getAs("error")).isNull();
      assertThat(code(rows.get(i))).as("picture " + i).isEqualTo(codes.get(i));
    }
  }

  @Test
  void codesAreTheTokenizersHoweverRowsArePartitioned() throws IOException {
    for (int partitions : new int[] {1, 40}) {
      Dataset<Row> encoded = encoder.encode(pictures().repartition(partitions), "bytes");
      assertThat(encoded.columns()).containsExactly("id", "tokens", "masks", "model", "error");
      requireCodesOf(encoded);
    }
  }

  @Test
  void bytesMayComeOutOfParquetAndCodesGoIntoIt() throws IOException {
    String images = home.resolve("images").toString();
    String codes = home.resolve("codes").toString();
    pictures().write().parquet(images);
    encoder.encode(spark.read().parquet(images), "bytes").write().parquet(codes);
    requireCodesOf(spark.read().parquet(codes));
  }

  @Test
  void aDamagedImageIsARowWithItsReasonAmongOthers() throws IOException {
    byte[] whole = SparkTests.png(1);
    List<Row> given = new ArrayList<>();
    given.add(file(0, SparkTests.half(whole)));
    given.add(file(1, whole));
    given.add(file(2, null));
    given.add(file(3, new byte[0]));
    given.add(file(4, "not a picture".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    given.add(file(5, SparkTests.png(2)));
    List<Row> rows = byId(encoder.encode(spark.createDataFrame(given, FILES).coalesce(1), "bytes"));
    assertThat(rows.stream().map(row -> row.<String>getAs("error")))
        .containsExactly(
            "the image: damaged image: Error reading PNG image data",
            null,
            "no image: the column is null",
            "the image: not a PNG, JPEG, WebP, GIF, BMP or TIFF image",
            "the image: not a PNG, JPEG, WebP, GIF, BMP or TIFF image",
            null);
    assertThat(code(rows.get(1))).isEqualTo(tokenizer.encode(whole));
    assertThat(code(rows.get(5))).isEqualTo(tokenizer.encode(SparkTests.png(2)));
    for (int damaged : new int[] {0, 2, 3, 4}) {
      assertThat(rows.get(damaged).<Object>getAs("tokens")).isNull();
      assertThat(rows.get(damaged).<Object>getAs("masks")).isNull();
      assertThat(rows.get(damaged).<Object>getAs("model")).isNull();
    }
  }

  /** As Spark's ImageSchema says: OpenCV's layout, blue first. */
  private static Row struct(BufferedImage picture, int channels) {
    int width = picture.getWidth();
    byte[] data = new byte[width * picture.getHeight() * channels];
    for (int i = 0; i < data.length; i++) {
      int x = i / channels % width;
      int y = i / channels / width;
      data[i] =
          channels == 1
              ? (byte) picture.getRaster().getSample(x, y, 0)
              : (byte) (picture.getRGB(x, y) >>> 8 * (i % channels));
    }
    int mode = 8 * (channels - 1);
    return RowFactory.create("file:/p", picture.getHeight(), width, channels, mode, data);
  }

  @Test
  void sparksImageStructGivesTheCodesOfTheFiles() {
    BufferedImage grey = new BufferedImage(30, 40, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage clear = new BufferedImage(40, 30, BufferedImage.TYPE_INT_ARGB);
    for (int p = 0; p < 1200; p++) {
      grey.getRaster().setSample(p % 30, p / 30, 0, p % 256);
      clear.setRGB(p % 40, p / 40, 0x40000000 * (p / 400 + 1) | 0x30a0ff);
    }
    StructType image =
        StructType.fromDDL(
            "image struct<origin: string, height: int, width: int, nChannels: int, mode: int, data:"
                + " binary>");
    List<BufferedImage> pictures = List.of(SparkTests.picture(5), grey, clear);
    List<Row> given = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      given.add(RowFactory.create(struct(pictures.get(i), List.of(3, 1, 4).get(i))));
    }
    given.add(RowFactory.create(RowFactory.create("file:/p", -1, -1, -1, -1, new byte[0])));
    given.add(RowFactory.create(RowFactory.create("file:/p", 2, 2, 3, 16, new byte[11])));
    given.add(RowFactory.create(RowFactory.create("file:/p", 2, 2, 3, 21, new byte[48])));
    given.add(RowFactory.create((Object) null));
    List<Row> rows =
        encoder.encode(spark.createDataFrame(given, image).coalesce(1), "image").collectAsList();
    for (int i = 0; i < 3; i++) {
      assertThat(code(rows.get(i))).isEqualTo(tokenizer.encode(pictures.get(i)));
    }
    assertThat(rows.subList(3, 7).stream().map(row -> row.<String>getAs("error")))
        .containsExactly(
            "no image: Spark's image source could not read it",
            "the image has 2 x 2 pixels of 3 channels in 11 bytes",
            "the image has OpenCV's type 21, must be one of 0, 16 and 24",
            "no image: the column is null");
  }

  @Test
  void decodedPicturesAreTheTokenizers() throws IOException {
    List<Row> given = new ArrayList<>();
    given.add(file(0, SparkTests.png(0)));
    given.add(file(1, SparkTests.half(SparkTests.png(1))));
    given.add(file(2, SparkTests.png(2)));
    Dataset<Row> codes = encoder.encode(spark.createDataFrame(given, FILES), "bytes");
    Dataset<Row> decoded = encoder.decode(codes);
    assertThat(decoded.columns()).containsExactly("id", "png", "error");
    List<Row> rows = byId(decoded);
    for (int i : new int[] {0, 2}) {
      BufferedImage made = ImageIO.read(new ByteArrayInputStream(rows.get(i).getAs("png")));
      assertThat(rgb(made)).isEqualTo(rgb(tokenizer.decode(tokenizer.encode(SparkTests.png(i)))));
    }
    assertThat(rows.get(1).<Object>getAs("png")).isNull();
    assertThat(rows.get(1).<String>getAs("error")).startsWith("the image: damaged image");
  }

  private static int[] rgb(BufferedImage picture) {
    int width = picture.getWidth();
    return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
  }

  @Test
  void whatIsNoCodeOfThisModelIsARowWithItsReason() {
    String own = encoder.model().identity();
    StructType codes =
        new StructType()
            .add("tokens", "array<int>")
            .add("masks", "array<bigint>")
            .add("model", "string");
    int words = (tokenizer.info().maskWidth() + 63) / 64;
    long[] masks = new long[words];
    List<Row> given =
        List.of(
            RowFactory.create(new int[] {1, 1}, masks, "0123456789abcdef"),
            RowFactory.create(new int[] {1, 1_000_000}, masks, own),
            RowFactory.create(new int[] {1, 1}, new long[words + 1], own),
            RowFactory.create(new int[] {1}, masks, own),
            RowFactory.create(null, masks, own),
            RowFactory.create(new int[] {1, 1}, masks, own));
    List<String> errors =
        encoder.decode(spark.createDataFrame(given, codes).coalesce(1)).collectAsList().stream()
            .map(row -> row.<String>getAs("error"))
            .toList();
    assertThat(errors.get(0))
        .isEqualTo("the code was made by the model 0123456789abcdef, this is " + own);
    assertThat(errors.get(1)).contains("tokens at position 1 must be 0 to", "got 1000000");
    assertThat(errors.get(2)).contains("mask");
    assertThat(errors.get(3)).contains("tokens must be 2 a row");
    assertThat(errors.get(4)).isEqualTo("no code: tokens is null");
    assertThat(errors.get(5)).isNull();
  }

  @Test
  void aModelByPathOrByNameIsTheSame() throws IOException {
    Dataset<Row> one = pictures().where("id < 3");
    List<Row> sent = encoder.encode(one, "bytes").collectAsList();
    for (SharedModel other :
        List.of(SharedModel.at(SparkTests.emoji().toString()), SharedModel.pretrained("emoji-2"))) {
      assertThat(other.identity()).isEqualTo(tokenizer.info().model().digest());
      assertThat(other.open().identity().digest()).isEqualTo(other.identity());
      assertThat(new MvqEncoder(other).encode(one, "bytes").collectAsList()).isEqualTo(sent);
    }
  }

  @Test
  void aModelThatIsReplacedUnderAJobIsRefused() throws IOException {
    Path copy = Files.createDirectories(home.resolve("copy"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(SparkTests.emoji().resolve(name), copy.resolve(name));
    }
    SharedModel model = SharedModel.at(copy.toString());
    Identity other = new Identity("0123456789abcdef");
    Exported emoji = new Exported(SparkTests.emoji());
    Map<String, Part> parts = new HashMap<>();
    parts.put("autoencoder", emoji.autoencoder());
    parts.put("prior", emoji.prior());
    parts.put("masks", emoji.masks());
    parts.values().removeIf(Objects::isNull);
    Exported.writeWeights(copy, other, parts);
    Path config = copy.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace(model.identity(), other.digest()));
    assertThatThrownBy(model::open)
        .isInstanceOf(IOException.class)
        .hasMessage(
            copy
                + " is the model 0123456789abcdef on this executor, and was "
                + model.identity()
                + " on the driver when the job began");
  }

  @Test
  void whatCannotBeIsSaidBeforeAJobBegins() {
    assertThatThrownBy(() -> encoder.encode(pictures(), "content"))
        .hasMessage("no column \"content\"; there are: id, bytes");
    assertThatThrownBy(() -> encoder.encode(pictures(), "id"))
        .hasMessage(
            "column \"id\" must hold images as binary (binaryFile, Parquet) or as Spark's image"
                + " struct, got int");
    assertThatThrownBy(() -> encoder.encode(pictures().withColumnRenamed("id", "Model"), "bytes"))
        .hasMessage(
            "the rows have a column \"Model\" already, which is to be made; drop or rename it");
    assertThatThrownBy(() -> encoder.decode(pictures()))
        .hasMessage("no column \"tokens\"; there are: id, bytes");
    assertThatThrownBy(() -> encoder.decode(pictures().withColumnRenamed("id", "tokens")))
        .hasMessage("column \"tokens\" must be array<int>, got int");
    assertThatThrownBy(() -> SharedModel.broadcast(spark, home))
        .hasMessageContaining("must be an export to be sent, made by: mvq export RUN --out FOLDER");
    assertThatThrownBy(() -> SharedModel.at(home.toString()))
        .hasMessageContaining("holds no trained autoencoder");
    assertThatThrownBy(() -> EncodeJob.main(new String[] {"run"}))
        .hasMessage("arguments must be MODEL IMAGES OUT, got run");
  }

  @Test
  void adviceOnMemoryGrowsWithTheTasks() {
    MemoryAdvice one = MemoryAdvice.of(encoder.model(), 1);
    MemoryAdvice eight = MemoryAdvice.of(encoder.model(), 8);
    assertThat(eight.overhead() - one.overhead()).isEqualTo(eight.batches() - one.batches());
    assertThat(eight.batches()).isBetween(7 * one.batches(), 8 * one.batches());
    var conf = new org.apache.spark.SparkConf(false);
    assertThat(one.text(conf)).contains("it is 384m: YARN and Kubernetes may end executors");
    conf.set("spark.executor.memoryOverhead", "2g");
    assertThat(one.text(conf)).endsWith("it is 2048m");
    assertThatThrownBy(() -> MemoryAdvice.of(encoder.model(), 0))
        .hasMessage("tasks must be at least 1, got 0");
  }
}
