package io.mvq.serve;

import io.mvq.Tokenizer;
import io.mvq.run.Run;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The model that is served: one, or that of a run's newest checkpoints, which may be yet to come.
 */
public final class Model implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Model.class.getName());
  private static final String FILE = "model.safetensors";

  private final Path run; // null for a model that stays
  private final String device;
  private Tokenizer now; // null if there is none
  private Tokenizer before; // its calls may still be waiting
  private String why;
  private String checkpoint;

  private Model(Path run, String device, Tokenizer now, String why) {
    this.run = run;
    this.device = device;
    this.now = now;
    this.why = why;
  }

  /** One that stays. @param tokenizer the caller's, who closes it */
  public static Model of(Tokenizer tokenizer) {
    return new Model(null, null, tokenizer, null);
  }

  /** None. @param why, as the pages say it */
  public static Model none(String why) {
    return new Model(null, null, null, why);
  }

  /**
   * That of a run's newest checkpoints, whenever a page is opened.
   *
   * @throws IOException if there are some that cannot be read
   */
  public static Model newest(Path run, String device) throws IOException {
    Model model = new Model(run, device, null, null);
    model.load(model.written());
    return model;
  }

  /** Loads what was written since; if that cannot be read, what was before stays. */
  synchronized void refresh() {
    String written = written();
    if (run == null || written.equals(checkpoint)) {
      return;
    }
    try {
      load(written);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the newest checkpoint: " + e.getMessage());
      why = "its checkpoint cannot be read: " + e.getMessage();
    }
  }

  private void load(String written) throws IOException {
    checkpoint = written;
    if (written.isEmpty()) {
      why =
          "it comes with the first checkpoint, after 1000 steps or 5 minutes unless training was told"
              + " otherwise";
      return;
    }
    Tokenizer newer;
    try {
      newer = Tokenizer.load(run, device);
    } catch (IllegalArgumentException noTokens) {
      why = noTokens.getMessage();
      return;
    }
    if (before != null) {
      before.close();
    }
    before = now;
    now = newer;
  }

  /** When its checkpoints were written; empty if none was. */
  String written() {
    if (run == null) {
      return "";
    }
    Run place = new Run(run);
    if (place.isExported()) {
      return "export";
    }
    List<String> times = new ArrayList<>();
    for (Path stage :
        List.of(place.autoencoderFolder(), place.priorFolder(), place.masksFolder())) {
      Path file = Checkpoint.place(Run.checkpoint(stage)).resolve(FILE);
      try {
        times.add(String.valueOf(Files.getLastModifiedTime(file).toMillis()));
      } catch (IOException e) {
        break; // the later ones are of another autoencoder
      }
    }
    return String.join(" ", times);
  }

  /** Null if there is none. */
  synchronized Tokenizer now() {
    return now;
  }

  /** What was loaded; differs from {@link #written} if there is newer. */
  synchronized String checkpoint() {
    return checkpoint == null ? "" : checkpoint;
  }

  /** Why there is none, as the end of a sentence. */
  synchronized String why() {
    return why;
  }

  @Override
  public synchronized void close() {
    if (run != null && now != null) {
      now.close();
      now = null;
    }
    if (before != null) {
      before.close();
      before = null;
    }
  }
}
