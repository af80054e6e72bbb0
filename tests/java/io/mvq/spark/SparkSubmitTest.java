package io.mvq.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.CodeRows;
import io.mvq.cli.Main;
import io.mvq.run.Codes;
import io.mvq.run.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of docs/scale.md on two executors, one of which is killed. */
class SparkSubmitTest {
  private static final int PICTURES = 300;
  private static final int DAMAGED = 10; // 3, 33, 63, ...

  private static final Path LOG = Path.of(System.getProperty("mvq.jars"), "../submit.log");

  @TempDir private Path home;
  private Process job;

  @AfterEach
  void end() {
    if (job != null) {
      job.descendants().forEach(ProcessHandle::destroyForcibly);
      job.destroyForcibly();
    }
  }

  private void await(String what, BooleanSupplier holds) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(job.isAlive() && System.nanoTime() < end).as(what + "\n" + log()).isTrue();
      Thread.sleep(20);
    }
  }

  private String log() throws IOException {
    return Files.readString(LOG);
  }

  private List<ProcessHandle> executors() {
    return job.descendants()
        .filter(one -> one.info().commandLine().orElse("").contains("CoarseGrainedExecutor"))
        .toList();
  }

  /** Tasks that have handed in their file. */
  private long tasksDone() {
    try (var files = Files.walk(home.resolve("codes/_temporary/0"), 1)) {
      return files.filter(file -> file.getFileName().toString().startsWith("task_")).count();
    } catch (IOException e) {
      return 0; // not yet there
    }
  }

  @Test
  void rowsAreThoseOfMvqEncodeThoughAnExecutorIsKilled() throws Exception {
    Path photos = SparkTests.folder(home.resolve("photos"), PICTURES, PICTURES / DAMAGED);
    Path codes = home.resolve("codes");
    // Two executors unpack LibTorch into one empty folder at the same time.
    String options =
        "-XX:TieredStopAtLevel=1 -D" + NativeCache.FOLDER + "=" + home.resolve("cache");
    job =
        Submit.submit(
            LOG,
            List.of(
                "--conf", "spark.executor.memory=512m",
                "--conf", "spark.ui.enabled=false",
                "--conf", "spark.sql.files.openCostInBytes=8m",
                "--conf", "spark.executor.extraJavaOptions=" + options),
            EncodeJob.class.getName(),
            SparkTests.emoji().toString(),
            photos.toString(),
            codes.toString());
    await("two executors", () -> executors().size() == 2);
    await("first tasks", () -> tasksDone() >= 3);
    ProcessHandle victim = executors().get(0);
    assertThat(victim.destroyForcibly()).isTrue();
    await("another executor", () -> executors().stream().anyMatch(one -> one.pid() > victim.pid()));
    assertThat(job.waitFor(4, TimeUnit.MINUTES)).isTrue();
    assertThat(job.exitValue()).as(log()).isZero();
    assertThat(log())
        .contains("290 codes, 10 damaged", "Lost executor", "spark.executor.memoryOverhead should");

    Path file = home.resolve("codes.npz");
    String[] encode = {
      "encode",
      SparkTests.emoji().toString(),
      "--images",
      photos.toString(),
      "--out",
      file.toString()
    };
    assertThat(Main.run(encode)).isZero();
    requireRowsOf(
        Codes.read(file), SparkTests.session().read().parquet(codes.toString()).collectAsList());
  }

  private static void requireRowsOf(Codes wanted, List<Row> rows) {
    Identity model = wanted.about().model();
    Map<String, String> expected = new HashMap<>();
    List<io.mvq.Code> codes = CodeRows.of(wanted, model);
    for (int i = 0; i < codes.size(); i++) {
      io.mvq.Code code = codes.get(i);
      String masks = java.util.Arrays.toString(code.maskWords());
      expected.put(
          Path.of(wanted.about().names().get(i)).getFileName().toString(),
          java.util.Arrays.toString(code.tokens()) + masks + model.digest());
    }
    assertThat(rows).hasSize(PICTURES);
    Map<String, String> got = new HashMap<>();
    for (Row row : rows) {
      String path = row.getAs("path");
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (row.<String>getAs("error") == null) {
        String tokens = row.getList(row.fieldIndex("tokens")).toString();
        String masks = row.getList(row.fieldIndex("masks")).toString();
        got.put(name, tokens + masks + row.getAs("model"));
      } else {
        assertThat(row.<String>getAs("error")).startsWith("the image: damaged image");
        assertThat(row.<Object>getAs("tokens")).isNull();
      }
    }
    assertThat(got).isEqualTo(expected).hasSize(PICTURES - DAMAGED);
  }
}
