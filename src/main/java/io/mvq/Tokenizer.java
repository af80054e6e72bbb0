package io.mvq;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.Raster;
import io.mvq.picture.ImageGrid;
import io.mvq.prior.Sampling;
import io.mvq.recipe.Data;
import io.mvq.recipe.Tokens;
import io.mvq.run.Codec;
import io.mvq.run.Codes;
import io.mvq.run.DataFacts;
import io.mvq.run.Identity;
import io.mvq.run.PictureTensors;
import io.mvq.run.Pretrained;
import io.mvq.run.Run;
import io.mvq.run.Shares;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A trained model in use: pictures to codes of a few tokens and a mask, and back (arXiv
 * 2301.06626).
 *
 * <p>Threads may share one: equal calls give equal bits from any of them, and each computes by
 * itself. What a call takes from LibTorch's memory it has given back when it returns. Pictures
 * given may have any size, up to 50 million pixels: they are centre-cropped to a square and scaled,
 * as {@code mvq encode} does it; pictures returned are {@code TYPE_INT_RGB}, of the model's side.
 *
 * <p>Arguments that cannot be are an {@link IllegalArgumentException} that names them; after {@link
 * #close} every call is an {@link IllegalStateException}. The same on LibTorch's own tensors:
 * {@link Codec}.
 */
public final class Tokenizer implements AutoCloseable {
  /** The most pictures that {@link #sample} draws at once. */
  public static final int MOST_SAMPLES = 10_000;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Info info;
  private final Data data;
  private Codec codec; // null once closed

  /**
   * What a model is.
   *
   * @param model who it is: codes name it
   * @param side height and width of its pictures, pixels
   * @param channels 3 for RGB, 1 for grey
   * @param codes how many there are to choose from at each token
   * @param baseTokens how many of the first tokens are base tokens
   * @param maskedTokens how many after these are secondary, whose codes the masks mask; 0 without
   *     masks
   * @param winners masks a picture; 0 for a model without masks
   * @param maskWidth bits a mask; 0 without masks
   * @param tokenBits bits that a picture's tokens take
   * @param maskBits bits that name its masks among those tried; 0 without masks
   * @param classes names of the classes it was trained with; empty without labels
   * @param samples whether it has a prior, by which new pictures are drawn
   * @param samplesByClass whether that prior knows the classes
   */
  public record Info(
      Identity model,
      int side,
      int channels,
      List<Integer> codes,
      int baseTokens,
      int maskedTokens,
      int winners,
      int maskWidth,
      double tokenBits,
      double maskBits,
      List<String> classes,
      boolean samples,
      boolean samplesByClass) {
    public Info {
      codes = List.copyOf(codes);
      classes = List.copyOf(classes);
    }

    /** Tokens a picture. */
    public int tokens() {
      return codes.size();
    }
  }

  private Tokenizer(Run run, String device) throws IOException {
    codec = Codec.of(run, Devices.named(device));
    DataFacts facts = run.dataFacts();
    TokenAutoencoder model = codec.model().autoencoder();
    data = codec.model().recipe().data();
    Tokens tokens = codec.model().recipe().tokens();
    info =
        new Info(
            codec.identity(),
            data.side(),
            data.channels(),
            Arrays.stream(model.codes()).boxed().toList(),
            tokens.masked() ? tokens.baseTokens() : model.codes().length,
            tokens.masked() ? tokens.secondaryTokens() : 0,
            Math.toIntExact(model.winners()),
            Math.toIntExact(model.maskWidth()),
            model.tokenBits(),
            model.maskBits(),
            facts == null ? List.of() : facts.classes(),
            codec.model().hasPrior(),
            codec.model().hasPrior() && codec.model().recipe().prior().conditional());
  }

  /**
   * Loads a run on the CPU.
   *
   * @param run a folder that {@code mvq train} or {@link Training} made
   * @throws IOException if it holds none, or one that is damaged or of another format
   */
  public static Tokenizer load(Path run) throws IOException {
    return load(run, "cpu");
  }

  /**
   * The same on a device.
   *
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1} and so on, or {@code auto}: a GPU where
   *     one can be used
   */
  public static Tokenizer load(Path run, String device) throws IOException {
    requireGiven(run, "run");
    requireGiven(device, "device");
    return new Tokenizer(new Run(run), device);
  }

  /**
   * Loads a model that a jar on the class path holds, on the CPU.
   *
   * @param name e.g. {@code emoji-2}, of the artifact {@code mvq-model-emoji}
   * @throws IllegalArgumentException if there is none of this name, listing those there are
   */
  public static Tokenizer pretrained(String name) throws IOException {
    requireGiven(name, "name");
    return Pretrained.use(name, run -> new Tokenizer(run, "cpu"));
  }

  /** What this model is; also after {@link #close}. */
  public Info info() {
    return info;
  }

  /** The code of a picture of any size. */
  public Code encode(BufferedImage picture) {
    requireGiven(picture, "picture");
    return encode(List.of(picture)).get(0);
  }

  /**
   * The code of an image file, PNG, JPEG, WebP, GIF, BMP or TIFF, turned as its EXIF orientation
   * says: that which {@code mvq encode} gives it.
   *
   * @throws IOException naming the file, if it is no such picture, is damaged anywhere, has more
   *     than 50 million pixels or takes more than 10 seconds to decode
   */
  public Code encode(Path file) throws IOException {
    requireGiven(file, "file");
    Raster picture = ImageFiles.decode(file, ImageLimits.DEFAULT);
    return use(in -> encoded(in, PictureTensors.of(picture, data)).get(0));
  }

  /** The same of such a file's bytes, e.g. as a web service is sent them. */
  public Code encode(byte[] file) throws IOException {
    requireGiven(file, "file");
    Raster picture = ImageFiles.decode("the picture", file, ImageLimits.DEFAULT);
    return use(in -> encoded(in, PictureTensors.of(picture, data)).get(0));
  }

  /** The codes of pictures, in their order; each is that of its picture alone. */
  public List<Code> encode(List<BufferedImage> pictures) {
    requireGiven(pictures, "pictures");
    return each(
        pictures.size(),
        (in, i) -> encoded(in, PictureTensors.of(pictures.get(i), "picture " + i, data)));
  }

  /**
   * The code of pixels.
   *
   * @param pixels planar (channels, height, width), each in -1 (black) to 1
   * @param height the model's side, as is {@code width}: nothing is scaled here
   */
  public Code encode(float[] pixels, int height, int width) {
    requireGiven(pixels, "pixels");
    int side = info.side();
    PixelArray.require(pixels, info.channels(), side, height, width);
    return use(in -> encoded(in, Tensors.of(pixels, 1, info.channels(), side, side)).get(0));
  }

  private List<Code> encoded(Codec in, Tensor images) {
    return CodeRows.of(in.encode(images), info.model());
  }

  /** The picture of a code. */
  public BufferedImage decode(Code code) {
    requireGiven(code, "code");
    return decode(List.of(code)).get(0);
  }

  /**
   * The pictures of codes, in their order; each is that of its code alone, to a level of a colour,
   * since how many there are may change the order in which LibTorch sums.
   */
  public List<BufferedImage> decode(List<Code> codes) {
    requireGiven(codes, "codes");
    return each(
        codes.size(), (in, i) -> ImageGrid.pictures(in.decode(row(codes.get(i), "code " + i))));
  }

  /**
   * New pictures from the prior, as {@code mvq sample} draws them.
   *
   * @param n 1 to 10000; all are in memory at once
   * @param className one of {@link Info#classes}; null for any
   * @param seed equal seeds (with equal n and class) give equal pictures
   * @throws IllegalArgumentException if the run has no prior, or its prior knows no classes
   */
  public List<BufferedImage> sample(int n, String className, long seed) {
    int label = label(n, className);
    return use(in -> ImageGrid.pictures(in.model().sample(n, label, Sampling.PLAIN, seed)));
  }

  /**
   * The codes of new pictures, to be decoded, kept or changed.
   *
   * @param n 1 to 10000
   * @param className one of {@link Info#classes}; null for any
   * @param sampling how the tokens are drawn from the prior
   * @param seed equal seeds (with all else equal) give equal codes
   * @throws IllegalArgumentException if the run has no prior, or its prior knows no classes
   */
  public List<Code> sampleCodes(int n, String className, Sampling sampling, long seed) {
    requireGiven(sampling, "sampling");
    int label = label(n, className);
    return use(in -> CodeRows.of(in.sample(n, label, sampling, seed), info.model()));
  }

  private int label(int n, String className) {
    if (n < 1 || n > MOST_SAMPLES) {
      throw bad("n must be in 1..%d, got %d", MOST_SAMPLES, n);
    }
    return className == null ? -1 : Run.label(info.classes(), className);
  }

  /**
   * The same tokens with other masks, drawn as {@link #sample} draws them; of a model without masks
   * the same code.
   *
   * @param seed equal seeds give equal masks
   */
  public Code redrawn(Code code, long seed) {
    return use(in -> CodeRows.of(in.redraw(row(code, "code"), seed), info.model()).get(0));
  }

  /**
   * A picture between two codes: that of the vectors which lie between those that the decoder is
   * given, codes and residuals added up ({@code mvq combine}'s way). It has no code of its own.
   *
   * @param t the share of the second, 0..1
   */
  public BufferedImage blend(Code first, Code second, double t) {
    requireGiven(first, "first");
    requireGiven(second, "second");
    if (!(t >= 0 && t <= 1)) {
      throw bad("t must be in 0..1, got %s", t);
    }
    return use(
        in -> ImageGrid.pictures(in.blend(row(first, "first"), row(second, "second"), t)).get(0));
  }

  /**
   * A picture between two codes, with a share of the second for each of their parts; with all 0 the
   * first, with all 1 the second.
   */
  public BufferedImage blend(Code first, Code second, Shares shares) {
    requireGiven(shares, "shares");
    return use(
        in ->
            ImageGrid.pictures(in.blend(row(first, "first"), row(second, "second"), shares))
                .get(0));
  }

  /** The vector that the decoder is given of a code, of equal length for every code of a model. */
  public float[] vector(Code code) {
    return use(in -> in.vector(row(code, "code")));
  }

  /**
   * The Euclidean distance between the vectors that the decoder is given of two codes; 0 for equal
   * codes. Its unit is the model's own: only distances of one model can be compared.
   */
  public double distance(Code first, Code second) {
    requireGiven(first, "first");
    requireGiven(second, "second");
    return use(in -> in.distance(row(first, "first"), row(second, "second")));
  }

  /** A code as tensors, if it is this model's. */
  private Codes row(Code code, String name) {
    requireGiven(code, name);
    if (!code.model().equals(info.model())) {
      throw bad(
          "%s was made by the model %s, this is %s; use the model that made it",
          name, code.model(), info.model());
    }
    return CodeRows.of(code);
  }

  /** Joins what is made for each place, one after another, so that memory does not grow with n. */
  private <T> List<T> each(int n, BiFunction<Codec, Integer, List<T>> make) {
    return use(
        in -> {
          List<T> all = new ArrayList<>();
          for (int i = 0; i < n; i++) {
            try (PointerScope scope = new PointerScope()) {
              all.addAll(make.apply(in, i));
            }
          }
          return all;
        });
  }

  private <T> T use(Function<Codec, T> call) {
    lock.readLock().lock();
    try (PointerScope scope = new PointerScope()) {
      if (codec == null) {
        throw new IllegalStateException("this Tokenizer is closed; load it again");
      }
      return call.apply(codec);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Gives the model's memory back, when the calls in progress are done; again does nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (codec != null) {
        codec.free();
        codec = null;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static void requireGiven(Object value, String name) {
    if (value == null) {
      throw bad("%s must be given, got null", name);
    }
  }

  private static IllegalArgumentException bad(String text, Object... values) {
    return new IllegalArgumentException(String.format(Locale.ROOT, text, values));
  }
}
