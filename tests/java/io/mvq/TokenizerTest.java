package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.cli.Main;
import io.mvq.run.Codec;
import io.mvq.run.Codes;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @TempDir static Path home;
  private static Path photos;
  private static Path run;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void trainOnce() throws IOException {
    photos = TinyRun.photos(home.resolve("photos"));
    run = TinyRun.train(home.resolve("run"), photos, "prior-conditional", "true");
    tokenizer = Tokenizer.load(run);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
    tokenizer.close(); // again does nothing
    assertThat(tokenizer.info().side()).isEqualTo(32);
    assertThatThrownBy(() -> tokenizer.sample(1, null, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this Tokenizer is closed; load it again");
  }

  private static List<Integer> rgb(BufferedImage picture) {
    int width = picture.getWidth();
    int[] pixels = picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
    return Arrays.stream(pixels).boxed().toList();
  }

  private static List<List<Integer>> rgb(List<BufferedImage> pictures) {
    return pictures.stream().map(TokenizerTest::rgb).toList();
  }

  /**
   * The same picture to a level of a colour: what pictures decoded together or alone may differ by.
   */
  private static void assertAlike(BufferedImage picture, BufferedImage other) {
    assertThat(picture.getWidth()).isEqualTo(other.getWidth());
    List<Integer> one = rgb(picture);
    List<Integer> two = rgb(other);
    assertThat(one).hasSameSizeAs(two);
    for (int i = 0; i < one.size(); i++) {
      for (int shift : new int[] {0, 8, 16, 24}) {
        assertThat(one.get(i) >> shift & 255).isCloseTo(two.get(i) >> shift & 255, within(1));
      }
    }
  }

  @Test
  void infoSaysWhatTheModelIs() throws IOException {
    Tokenizer.Info info = tokenizer.info();
    assertThat(info.model()).isEqualTo(Identity.of(new Run(run)));
    assertThat(info.side()).isEqualTo(32);
    assertThat(info.channels()).isEqualTo(3);
    assertThat(info.codes()).containsExactly(6, 6);
    assertThat(info.tokens()).isEqualTo(2);
    assertThat(info.baseTokens()).isEqualTo(1);
    assertThat(info.maskedTokens()).isEqualTo(1);
    assertThat(info.winners()).isEqualTo(1);
    assertThat(info.maskWidth()).isEqualTo(70);
    assertThat(info.tokenBits()).isCloseTo(5.17, within(0.01));
    assertThat(info.maskBits()).isEqualTo(4);
    assertThat(info.classes()).containsExactly("dark", "light");
    assertThat(info.samples() && info.samplesByClass()).isTrue();
  }

  @Test
  void filesAndPicturesHaveTheSameCodesAndTheSamePicturesAgain() throws IOException {
    Path file = home.resolve("codes.npz");
    Path pictures = home.resolve("pictures");
    String[] encode = {"encode", run + "", "--images", photos + "", "--out", file + ""};
    assertThat(Main.run(encode)).isZero();
    assertThat(Main.run("decode", run + "", "--codes", file + "", "--out", pictures + "")).isZero();
    Codes codes = Codes.read(file);
    List<BufferedImage> read = new ArrayList<>();
    for (String name : codes.about().names()) {
      read.add(ImageIO.read(photos.resolve(name).toFile()));
    }
    List<Code> all = tokenizer.encode(read);
    assertThat(all).hasSize(60);
    assertThat(all.stream().flatMapToInt(code -> Arrays.stream(code.tokens())).asLongStream())
        .containsExactly(Arrays.stream(Tensors.longs(codes.tokens())).boxed().toArray(Long[]::new));
    byte[] bits = Tensors.bytes(codes.masks());
    for (int i = 0; i < 60; i++) {
      BitSet mask = all.get(i).mask(0);
      for (int bit = 0; bit < 70; bit++) {
        assertThat(mask.get(bit) ? 1 : 0).isEqualTo(bits[i * 70 + bit]);
      }
      assertThat(tokenizer.encode(read.get(59 - i))).isEqualTo(all.get(59 - i));
      Path photo = photos.resolve(codes.about().names().get(i));
      assertThat(tokenizer.encode(photo)).isEqualTo(all.get(i));
      assertThat(tokenizer.encode(Files.readAllBytes(photo))).isEqualTo(all.get(i));
      BufferedImage png = ImageIO.read(pictures.resolve(String.format("%05d.png", i)).toFile());
      assertAlike(tokenizer.decode(all.get(i)), png);
    }
    assertAlike(tokenizer.decode(all).get(7), tokenizer.decode(all.get(7)));
    assertThat(Set.copyOf(all)).hasSizeGreaterThan(5);
  }

  @Test
  void floatsAndTensorsHaveTheCodeOfTheirPicture() throws IOException {
    BufferedImage picture = TinyRun.picture(32, 32, 5);
    float[] pixels = new float[3 * 32 * 32];
    for (int i = 0; i < pixels.length; i++) {
      int colour = picture.getRGB(i % 32, i / 32 % 32) >> (16 - 8 * (i / 1024)) & 255;
      pixels[i] = colour / 127.5f - 1;
    }
    Code code = tokenizer.encode(picture);
    assertThat(tokenizer.encode(pixels, 32, 32)).isEqualTo(code);
    try (PointerScope scope = new PointerScope()) {
      Codec codec = Codec.of(new Run(run), Devices.cpu());
      Codes codes = codec.encode(Tensors.of(pixels, 1, 3, 32, 32));
      assertThat(CodeRows.of(codes, codec.identity())).containsExactly(code);
      assertThat(codec.decode(codes).size(2)).isEqualTo(32);
      Tensor dark = Tensors.of(pixels, 1, 3, 32, 32).sub(new Scalar(1.5));
      assertThatThrownBy(() -> codec.encode(dark))
          .hasMessageStartingWith("images must be in -1..1, got -2.");
      assertThatThrownBy(() -> codec.encode(dark.select(1, 0)))
          .hasMessage("images must have shape (any, 3, 32, 32), got (1, 32, 32)");
    }
    for (Object[] one :
        new Object[][] {
          {pixels, 32, 31, "pixels must be 32 x 32, as this model has, got 32 x 31;"},
          {new float[1024], 32, 32, "pixels must be 3 x 32 x 32 = 3072 floats, all red"},
          {with(pixels, 9, 1.01f), 32, 32, "pixels must be in -1..1, got 1.01 at place 9"},
          {with(pixels, 3071, Float.NaN), 32, 32, "pixels must be in -1..1, got NaN at place 3071"},
          {null, 32, 32, "pixels must be given, got null"},
        }) {
      assertThatThrownBy(() -> tokenizer.encode((float[]) one[0], (int) one[1], (int) one[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith((String) one[3]);
    }
  }

  private static float[] with(float[] pixels, int at, float value) {
    float[] changed = pixels.clone();
    changed[at] = value;
    return changed;
  }

  @Test
  void picturesOfEverySizeAndKindAreTaken() {
    for (int type = BufferedImage.TYPE_INT_RGB; type <= BufferedImage.TYPE_BYTE_INDEXED; type++) {
      BufferedImage picture = new BufferedImage(1 + 13 * type, 57, type);
      assertThat(tokenizer.encode(picture).tokens()).as("type %d", type).hasSize(2);
    }
    // White and transparent are one, as are grey and equal red, green and blue.
    BufferedImage clear = new BufferedImage(9, 9, BufferedImage.TYPE_INT_ARGB);
    BufferedImage white = new BufferedImage(64, 40, BufferedImage.TYPE_BYTE_GRAY);
    Arrays.fill(
        ((java.awt.image.DataBufferByte) white.getRaster().getDataBuffer()).getData(), (byte) 255);
    assertThat(tokenizer.encode(clear)).isEqualTo(tokenizer.encode(white));
    assertThatThrownBy(
            () -> tokenizer.encode(new BufferedImage(8000, 8000, BufferedImage.TYPE_BYTE_BINARY)))
        .hasMessage(
            "picture 0 must have at most 50,000,000 pixels, got 8000 x 8000; scale it first");
    assertThatThrownBy(() -> tokenizer.encode((BufferedImage) null))
        .hasMessage("picture must be given, got null");
    assertThatThrownBy(() -> tokenizer.encode(Arrays.asList(clear, null)))
        .hasMessage("picture 1 must be given, got null");
    assertThat(tokenizer.encode(List.of())).isEmpty();
    assertThat(tokenizer.decode(List.of())).isEmpty();
  }

  @Test
  void filesThatAreNoPicturesAreRefusedByName() throws IOException {
    Path text = Files.writeString(home.resolve("text.png"), "no picture");
    assertThatThrownBy(() -> tokenizer.encode(text))
        .isInstanceOf(IOException.class)
        .hasMessage(text + ": not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
    assertThatThrownBy(() -> tokenizer.encode(home.resolve("gone.png")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gone.png");
    byte[] cut = Arrays.copyOf(Files.readAllBytes(photos.resolve("dark/0.png")), 300);
    assertThatThrownBy(() -> tokenizer.encode(cut))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the picture: damaged image");
    assertThatThrownBy(() -> tokenizer.encode((Path) null))
        .hasMessage("file must be given, got null");
    assertThatThrownBy(() -> tokenizer.encode((byte[]) null))
        .hasMessage("file must be given, got null");
  }

  @Test
  void samplesAreThoseOfTheCommand() throws IOException {
    Path each = home.resolve("each");
    assertThat(
            Main.run(
                "sample", run + "", "--count", "3", "--class", "light", "--seed", "9", "--each",
                each + ""))
        .isZero();
    List<BufferedImage> samples = tokenizer.sample(3, "light", 9);
    for (int i = 0; i < 3; i++) {
      BufferedImage png = ImageIO.read(each.resolve("0000" + i + ".png").toFile());
      assertThat(rgb(samples.get(i))).isEqualTo(rgb(png));
    }
    assertThat(rgb(tokenizer.sample(3, "light", 9))).isEqualTo(rgb(samples));
    assertThat(rgb(tokenizer.sample(3, null, 10))).isNotEqualTo(rgb(samples));
    assertThatThrownBy(() -> tokenizer.sample(1, "blue", 1))
        .hasMessage("class must be one of [dark, light], got blue");
    assertThatThrownBy(() -> tokenizer.sample(0, null, 1))
        .hasMessage("n must be in 1..10000, got 0");
  }

  @Test
  void aBlendLeadsFromOnePictureToTheOtherAndDistancesAreOfVectors() throws IOException {
    Code dark = tokenizer.encode(TinyRun.picture(40, 32, 0));
    Code light = tokenizer.encode(TinyRun.picture(40, 32, 1));
    assertThat(rgb(tokenizer.blend(dark, light, 0))).isEqualTo(rgb(tokenizer.decode(dark)));
    assertThat(rgb(tokenizer.blend(dark, light, 1))).isEqualTo(rgb(tokenizer.decode(light)));
    assertThat(rgb(tokenizer.blend(dark, light, 0.5)))
        .isNotEqualTo(rgb(tokenizer.decode(dark)))
        .isEqualTo(rgb(tokenizer.blend(light, dark, 0.5)));
    assertThat(tokenizer.distance(dark, dark)).isZero();
    double apart = tokenizer.distance(dark, light);
    assertThat(tokenizer.distance(light, dark)).isEqualTo(apart).isPositive();
    try (PointerScope scope = new PointerScope()) {
      Codec codec = Codec.of(new Run(run), Devices.cpu());
      double squares = 0;
      float[] a = vector(codec, dark);
      float[] b = vector(codec, light);
      for (int i = 0; i < a.length; i++) {
        squares += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      }
      assertThat(apart).isCloseTo(Math.sqrt(squares), within(1e-6));
    }
    for (double t : new double[] {-0.01, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> tokenizer.blend(dark, light, t))
          .hasMessage("t must be in 0..1, got " + t);
    }
    assertThatThrownBy(() -> tokenizer.distance(dark, null))
        .hasMessage("second must be given, got null");
  }

  private static float[] vector(Codec codec, Code code) {
    Codes row = CodeRows.of(code);
    return Tensors.floats(codec.model().autoencoder().vectors(row.tokens(), row.maskBits()));
  }

  @Test
  void codesThatAreNotThisModelsAreRefused() {
    Identity own = tokenizer.info().model();
    long[] mask = {1, 1};
    for (Object[] one :
        new Object[][] {
          {
            new Code(new Identity("00000000000000aa"), new int[2], 70, mask),
            "code 0 was made by the model 00000000000000aa, this is " + own
          },
          {new Code(own, new int[3], 70, mask), "codes: tokens must be 2 a row, as this model has"},
          {
            new Code(own, new int[] {5, 6}, 70, mask),
            "codes: tokens at position 1 must be 0 to 5, got 6"
          },
          {
            new Code(own, new int[2], 0, new long[0]),
            "codes: masks must be 1 a row, as this model has, got 0"
          },
          {
            new Code(own, new int[2], 70, new long[4]),
            "codes: masks must be 1 a row, as this model has, got 2"
          },
          {
            new Code(own, new int[2], 71, mask),
            "codes: masks must be of 70 bits, as this model has, got 71"
          }
        }) {
      assertThatThrownBy(() -> tokenizer.decode((Code) one[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith((String) one[1]);
    }
  }

  @Test
  void eightThreadsHaveTheBitsOfOne() throws Exception {
    List<BufferedImage> pictures = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pictures.add(TinyRun.picture(40, 32, i));
    }
    List<Code> codes = tokenizer.encode(pictures);
    List<List<Integer>> decoded = rgb(codes.stream().map(tokenizer::decode).toList());
    List<List<Integer>> drawn = rgb(tokenizer.sample(5, "dark", 3));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int task = 0; task < 8; task++) {
        int offset = task;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 40; i++) {
                    int place = (i * 3 + offset * 5) % 40;
                    assertThat(tokenizer.encode(pictures.get(place))).isEqualTo(codes.get(place));
                    assertThat(rgb(tokenizer.decode(codes.get(place))))
                        .isEqualTo(decoded.get(place));
                    if (i % 10 == 0) {
                      assertThat(rgb(tokenizer.sample(5, "dark", 3))).isEqualTo(drawn);
                    }
                  }
                }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void closingWaitsForCallsAndThoseAfterItAreRefused() throws Exception {
    Tokenizer own = Tokenizer.load(run);
    BufferedImage picture = TinyRun.picture(32, 32, 1);
    Code code = own.encode(picture);
    List<Throwable> seen = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (own.encode(picture).equals(code)) {
                    Thread.onSpinWait();
                  }
                  seen.add(new AssertionError("another code"));
                } catch (RuntimeException e) {
                  seen.add(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    Thread.sleep(100);
    own.close();
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    assertThat(seen).hasSize(4).allMatch(IllegalStateException.class::isInstance);
  }

  @Test
  void memoryStaysFlat() {
    BufferedImage picture = TinyRun.picture(40, 32, 2);
    for (int i = 0; i < 300; i++) {
      roundTrip(picture);
    }
    System.gc();
    long native0 = Pointer.totalBytes();
    long resident = Pointer.physicalBytes();
    for (int i = 0; i < 2000; i++) {
      roundTrip(picture);
    }
    // An encode without a scope left 0.3 MiB behind.
    assertThat(Pointer.physicalBytes() - resident).isLessThan(64L << 20);
    System.gc();
    assertThat(Pointer.totalBytes() - native0).isLessThan(1 << 20);
  }

  private static void roundTrip(BufferedImage picture) {
    Code code = tokenizer.encode(picture);
    tokenizer.decode(code);
    tokenizer.distance(code, code);
  }

  @Test
  void modelsWithoutMasksOfTwoLevelsAndGreyOnesWorkToo() throws IOException {
    Path vq = TinyRun.train(home.resolve("vq"), photos, "system", "vq", "channels", "1");
    try (Tokenizer plain = Tokenizer.load(vq)) {
      Code code = plain.encode(TinyRun.picture(40, 32, 2));
      assertThat(code.winners()).isZero();
      assertThat(plain.info().maskWidth()).isZero();
      BufferedImage picture = plain.decode(code);
      int colour = picture.getRGB(3, 4);
      assertThat(colour & 255).isEqualTo(colour >> 8 & 255).isEqualTo(colour >> 16 & 255);
      assertThat(plain.sample(2, null, 1)).hasSize(2);
      assertThatThrownBy(() -> plain.sample(2, "dark", 1))
          .hasMessageContaining("needs a prior that knows classes");
      assertThatThrownBy(() -> plain.decode(tokenizer.encode(picture)))
          .hasMessageContaining("was made by the model " + tokenizer.info().model());
    }
    Path levels = TinyRun.train(home.resolve("levels"), photos, "architecture", "hierarchy");
    try (Tokenizer two = Tokenizer.load(levels)) {
      Code a = two.encode(TinyRun.picture(40, 32, 0));
      int[] other = a.tokens();
      other[other.length - 1] = (other[other.length - 1] + 1) % 6; // of the bottom level
      Code b = new Code(a.model(), other, a.maskWidth(), a.maskWords());
      assertThat(Code.ofBytes(a.toBytes())).isEqualTo(a);
      assertThat(rgb(two.blend(a, b, 1))).isEqualTo(rgb(two.decode(b)));
      assertThat(two.distance(a, b)).isPositive();
    }
  }

  @Test
  void whatIsNoRunWithTokensIsSaid() throws IOException {
    assertThatThrownBy(() -> Tokenizer.load(home.resolve("nothing")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing holds no trained autoencoder; make one with");
    assertThatThrownBy(() -> Tokenizer.load(photos)).hasMessageContaining("holds no trained");
    assertThatThrownBy(() -> Tokenizer.load(null)).hasMessage("run must be given, got null");
    assertThatThrownBy(() -> Tokenizer.load(run, "tpu"))
        .hasMessage("device must be cpu, cuda, cuda:N or auto, got \"tpu\"");
    Path half = home.resolve("half");
    Training.begin(TinyRun.recipe(photos), half)
        .run(step -> step.stage().equals("mvq")); // to the prior's first step
    deleteAll(half.resolve("prior"));
    try (Tokenizer unable = Tokenizer.load(half)) {
      assertThat(unable.info().samples()).isFalse();
      assertThatThrownBy(() -> unable.sample(1, null, 1))
          .hasMessage("this run has no trained prior; train it to its end");
    }
    for (Path recipe :
        List.of(half.resolve("recipe.json"), half.resolve("autoencoder/checkpoint/recipe.json"))) {
      Files.writeString(
          recipe, Files.readString(recipe).replace("\"format\" : 5", "\"format\" : 9"));
    }
    assertThatThrownBy(() -> Tokenizer.load(half))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("recipe format 9 of mvq")
        .hasMessageContaining("is newer than the 5 that mvq");
    Path latents = home.resolve("latents");
    Training.begin(TinyRun.recipe(photos, "architecture", "continuous"), latents).run();
    assertThatThrownBy(() -> Tokenizer.load(latents)).hasMessageContaining("has no tokens");
  }

  private static void deleteAll(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
