package io.mvq.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A reader of files against damaged ones: a seeded mutator turns a small whole file into many
 * broken ones, and each is read or refused by an IOException of one line that names it.
 *
 * <p>{@code -Dmvq.fuzz=N} mutates each file N times; by default as often as takes a few seconds.
 * {@code -Dmvq.seed=S} makes other mutants.
 */
public final class Fire {
  private static final int RUNS = Integer.getInteger("mvq.fuzz", 300);
  private static final long SEED = Long.getLong("mvq.seed", 0);
  private static final long LONGEST_NANOSECONDS = 10_000_000_000L;

  private Fire() {}

  /** Reads the whole of a file, or throws. */
  public interface Reader {
    void read(Path file) throws IOException;
  }

  /** Writes mutants of {@code whole} at the file's place and reads each. */
  public static void at(Path file, byte[] whole, Reader reader) throws IOException {
    String name = file.getFileName().toString();
    Files.write(file, whole);
    reader.read(file);
    SplittableRandom random = new SplittableRandom(name.hashCode() + SEED);
    int refused = 0;
    long slowest = 0;
    for (int run = 0; run < RUNS; run++) {
      Files.write(file, mutant(whole, random));
      long start = System.nanoTime();
      try {
        reader.read(file);
      } catch (IOException e) {
        refused++;
        assertThat(e.getMessage()) // all that a user sees of it
            .as("run %d of %s", run, name)
            .contains(file.getParent().toString())
            .doesNotContain("\n");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("run " + run + " of " + name + ": " + e, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
      assertThat(slowest).as("run %d of %s", run, name).isLessThan(LONGEST_NANOSECONDS);
    }
    Files.write(file, whole);
    System.out.printf(
        "mvq.fuzz: %s: %d mutants, %d refused, the slowest %d ms%n",
        name, RUNS, refused, slowest / 1_000_000);
  }

  /** Flips, overwrites, cuts, repeats; mostly near the start, where the headers are. */
  private static byte[] mutant(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      int near = random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length;
      int at = random.nextInt(near);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> {
          int length = Math.min(1 + random.nextInt(16), bytes.length - at);
          System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
        }
        default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xff);
      }
    }
    return bytes;
  }
}
