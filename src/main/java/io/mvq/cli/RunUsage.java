package io.mvq.cli;

import io.mvq.run.Run;
import io.mvq.run.Usage;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How a run's codebooks are used, and how its last evaluation went, for people. */
final class RunUsage {
  private RunUsage() {}

  static String of(Run run) throws IOException {
    StringBuilder text = new StringBuilder();
    Usage usage = Usage.read(run.folder());
    if (usage != null) {
      for (int i = 0; i < usage.codebooks().size(); i++) {
        Usage.Book book = usage.codebooks().get(i);
        line(
            text,
            "  codebook %d: %d of %d codes used, perplexity %.1f, by %d tokens an image of %d images%n",
            i + 1,
            book.used(),
            book.counts().length,
            book.perplexity(),
            book.tokens(),
            usage.images());
      }
      if (usage.masks() != null) {
        Usage.Masks masks = usage.masks();
        line(
            text,
            "  masks: %d different ones of %d winners, perplexity %.1f%n",
            masks.distinct(),
            masks.winners(),
            masks.perplexity());
      }
    }
    last(text, "autoencoder", run.autoencoderFolder());
    last(text, "prior", run.priorFolder());
    return text.toString();
  }

  /** The values of a stage's last evaluation. */
  private static void last(StringBuilder text, String name, Path stage) throws IOException {
    Path csv = stage.resolve(RunLog.CSV);
    long step = -1;
    Map<String, Double> values = new TreeMap<>();
    for (RunLog.Row row : Files.exists(csv) ? RunLog.read(csv) : List.<RunLog.Row>of()) {
      if (row.name().startsWith("held-out/") || row.name().startsWith("codebook/")) {
        if (row.step() != step) {
          values.clear();
        }
        step = row.step();
        values.put(row.name(), row.value());
      }
    }
    if (!values.containsKey("held-out/loss")) {
      return;
    }
    line(
        text,
        "  %s on held-out images at step %d: loss %.4g",
        name,
        step,
        values.get("held-out/loss"));
    if (values.containsKey("held-out/psnr")) {
      line(text, ", PSNR %.2f dB", values.get("held-out/psnr"));
    }
    for (int book = 1; values.containsKey("codebook/" + book + "/used"); book++) {
      line(
          text,
          "; codebook %d: %.0f codes used, perplexity %.1f",
          book,
          values.get("codebook/" + book + "/used"),
          values.get("codebook/" + book + "/perplexity"));
    }
    text.append(String.format("%n"));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
