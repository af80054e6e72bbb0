package io.mvq.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.files.OutputFile;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.CodebookUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How images used a model's codebooks and masks: {@code usage.json} of a run, of its training
 * images.
 *
 * @param images counted
 * @param codebooks in the order of their first tokens; a codebook of several tokens is one
 * @param masks of the winners; null for a model without masks
 */
public record Usage(long images, List<Book> codebooks, Masks masks) {
  /** The file in a run's folder. */
  public static final String FILE = "usage.json";

  private static final int FORMAT = 1;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * A codebook's.
   *
   * @param tokens an image that choose from it
   * @param used codes that were used at all
   * @param perplexity exp of the usage entropy in nats, 1..K
   * @param counts of each of its K codes
   */
  public record Book(int tokens, long used, double perplexity, long[] counts) {
    static Book of(int tokens, long[] counts) {
      long used = Arrays.stream(counts).filter(count -> count > 0).count();
      return new Book(tokens, used, CodebookUsage.of(counts).perplexity(), counts);
    }
  }

  /**
   * The winners' masks.
   *
   * @param winners counted
   * @param distinct masks among them
   * @param perplexity exp of their entropy in nats, 1..distinct
   */
  public record Masks(long winners, long distinct, double perplexity) {
    static Masks of(Tokenized.Masks masks) {
      int words = Math.toIntExact(MaskBits.words(masks.maskWidth()));
      Map<List<Long>, Long> counts = new HashMap<>();
      for (int i = 0; i < masks.words().length; i += words) {
        counts.merge(Arrays.stream(masks.words(), i, i + words).boxed().toList(), 1L, Long::sum);
      }
      long[] each = counts.values().stream().mapToLong(Long::longValue).sorted().toArray();
      long winners = masks.words().length / words;
      return new Masks(winners, each.length, CodebookUsage.of(each).perplexity());
    }
  }

  private record Document(int format, long images, List<Book> codebooks, Masks masks) {}

  /** Counts. @param images as the model's tokens and winners */
  static Usage of(TokenAutoencoder model, Tokenized images) {
    int[] codes = model.codes();
    int[] codebooks = model.codebooks();
    List<Book> books = new ArrayList<>();
    for (int book = 0; book <= Arrays.stream(codebooks).max().orElse(-1); book++) {
      long[] counts = null;
      int tokens = 0;
      for (int t = 0; t < codes.length; t++) {
        if (codebooks[t] == book) {
          counts = counts == null ? new long[codes[t]] : counts;
          tokens++;
          for (long code : images.column(t)) {
            counts[Math.toIntExact(code)]++;
          }
        }
      }
      books.add(Book.of(tokens, counts));
    }
    boolean masked = images.masks().words().length > 0;
    return new Usage(images.size(), books, masked ? Masks.of(images.masks()) : null);
  }

  /**
   * For a log: {@code codebook/1/used}, {@code codebook/1/perplexity}, {@code masks/distinct}...
   */
  Map<String, Double> scalars() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < codebooks.size(); i++) {
      values.put("codebook/" + (i + 1) + "/used", (double) codebooks.get(i).used());
      values.put("codebook/" + (i + 1) + "/perplexity", codebooks.get(i).perplexity());
    }
    if (masks != null) {
      values.put("masks/distinct", (double) masks.distinct());
      values.put("masks/perplexity", masks.perplexity());
    }
    return values;
  }

  /** Writes it into a run's folder. */
  void write(Path folder) throws IOException {
    Document all = new Document(FORMAT, images, codebooks, masks);
    OutputFile.write(folder.resolve(FILE), MAPPER.writeValueAsString(all) + "\n");
  }

  /**
   * Of a run's folder; null where none is noted: an older mvq's, or one whose prior never began.
   */
  public static Usage read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      Document all = MAPPER.readValue(Files.readAllBytes(file), Document.class);
      if (all == null || all.format() != FORMAT || all.codebooks() == null) {
        throw new IOException(
            file + " is not a usage of format " + FORMAT + "; it is for people: delete it");
      }
      return new Usage(all.images(), all.codebooks(), all.masks());
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is damaged: not JSON; it is for people: delete it", e);
    }
  }
}
