package io.mvq.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.mvq.tensor.ComputeThreads;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.bytedeco.pytorch.Device;

/**
 * Runs the benchmark's parts one after the other, never two at a time.
 *
 * @param home the project's folder; the native harness and JMH are there
 * @param device the CPU, or a GPU, where only LibTorch is a peer
 * @param isa what kernels and peers may use
 * @param threads of the CPU; 0: one, then, if not quick, all
 * @param only cases whose name, e.g. "nearest_code row mask n 4096 d 64 k 512", holds this
 * @param rounds medians are over at most so many; 0 for the usual
 * @param notes is told what is left out, and why
 */
public record Bench(
    Path home,
    Device device,
    Isa isa,
    int threads,
    boolean quick,
    String only,
    int rounds,
    Set<Part> parts,
    Notes notes) {
  /** What measures what. */
  public enum Part {
    /** Every kernel against the machine's limits, FAISS and OpenBLAS. */
    NATIVE,
    /** Kernels called from Java against LibTorch in this process. */
    LIBTORCH,
    /** What a small call from Java costs. */
    JMH
  }

  /** Where remarks go. */
  @FunctionalInterface
  public interface Notes {
    void say(String text);
  }

  public Bench {
    parts = parts.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(parts);
  }

  /** Measures all. @param more suites beyond this package's */
  public Report run(List<Suite> more) {
    List<Row> rows = new ArrayList<>();
    JsonNode machine = null;
    boolean cpu = device.is_cpu();
    if (!cpu) {
      notes.say("on a GPU only LibTorch is measured against, not FAISS, OpenBLAS and JMH");
    }
    if (cpu && parts.contains(Part.NATIVE)) {
      try {
        NativeHarness.Result result = harness();
        machine = result.machine();
        rows.addAll(result.rows());
      } catch (IOException e) {
        notes.say("native harness left out: " + e.getMessage());
      }
    }
    if (parts.contains(Part.LIBTORCH)) {
      List<Suite> suites = new ArrayList<>(List.of(new Searches(quick), new Selections(quick)));
      suites.addAll(more);
      rows.addAll(suites(suites));
    }
    if (cpu && parts.contains(Part.JMH) && "java call (JMH)".contains(only)) {
      try {
        rows.addAll(JavaCalls.find(home).run(quick));
      } catch (IOException e) {
        notes.say("JMH left out: " + e.getMessage());
      }
    }
    return new Report(LocalDate.now().toString(), commit(), machine, Report.joined(rows));
  }

  private NativeHarness.Result harness() throws IOException {
    List<String> options = new ArrayList<>();
    if (quick) {
      options.add("--quick");
    }
    options.addAll(isa.harnessOptions());
    if (!only.isEmpty()) {
      options.addAll(List.of("--only", only));
    }
    if (threads > 0) {
      options.addAll(List.of("--threads", threads + ""));
    }
    if (rounds > 0) {
      options.addAll(List.of("--rounds", rounds + ""));
    }
    NativeHarness harness = NativeHarness.build(home);
    try (ProgressBar bar = bar("native")) {
      return harness.run(options, bar::maxHint, row -> bar.step());
    }
  }

  private List<Row> suites(List<Suite> suites) {
    Rounds turns = new Rounds(rounds > 0 ? rounds : quick ? 5 : 9, quick ? 0.15 : 1.5);
    Map<Case, Suite> wanted = new LinkedHashMap<>();
    for (Suite suite : suites) {
      for (Case one : suite.cases()) {
        if (one.name().contains(only)) {
          wanted.put(one, suite);
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    try (ProgressBar bar = bar("libtorch")) {
      List<Integer> counts = counts();
      bar.maxHint((long) wanted.size() * counts.size());
      for (int count : counts) {
        ComputeThreads.set(count);
        wanted.forEach(
            (one, suite) -> {
              rows.add(suite.measure(one, new Place(device, count), turns));
              bar.step();
            });
      }
    }
    return rows;
  }

  private List<Integer> counts() {
    int all = Runtime.getRuntime().availableProcessors();
    if (device.is_cuda()) {
      return List.of(1);
    }
    if (threads > 0) {
      return List.of(threads);
    }
    return quick || all == 1 ? List.of(1) : List.of(1, all);
  }

  private static ProgressBar bar(String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1000)
        .setUnit(" cases", 1)
        .clearDisplayOnFinish()
        .build();
  }

  private String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .directory(home.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return NativeHarness.await(git) == 0 ? text.strip() : "unknown";
    } catch (IOException e) {
      return "unknown"; // no git, or no repository: the figures stand without
    }
  }
}
