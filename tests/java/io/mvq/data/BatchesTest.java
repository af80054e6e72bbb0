package io.mvq.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchesTest {
  private static final Augmentation STRONG = new Augmentation(0.5, 0.1);

  @Test
  void batchesAreTheSameWhateverTheThreads() {
    List<float[]> one = take(Batches.shuffled(numbered(17), 4, 5, 0, STRONG, 1), 12);
    List<float[]> many = take(Batches.shuffled(numbered(17), 4, 5, 0, STRONG, 7), 12);
    assertThat(many).usingRecursiveComparison().isEqualTo(one);
    List<float[]> otherSeed = take(Batches.shuffled(numbered(17), 4, 6, 0, STRONG, 1), 12);
    assertThat(otherSeed).usingRecursiveComparison().isNotEqualTo(one);
  }

  @Test
  void trainingResumesAtAnyStep() {
    List<float[]> whole = take(Batches.shuffled(numbered(17), 4, 5, 0, STRONG, 2), 12);
    for (int first : new int[] {1, 4, 11}) {
      List<float[]> rest = take(Batches.shuffled(numbered(17), 4, 5, first, STRONG, 2), 12 - first);
      assertThat(rest).usingRecursiveComparison().isEqualTo(whole.subList(first, 12));
    }
  }

  @Test
  void anEpochShowsEachImageAtMostOnceAndEpochsDiffer() {
    List<List<Long>> epochs = new ArrayList<>();
    try (Batches batches = Batches.shuffled(numbered(17), 4, 5, 0, Augmentation.NONE, 2)) {
      for (int epoch = 0; epoch < 3; epoch++) {
        List<Long> seen = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
          for (long label : batches.next().labels()) {
            seen.add(label);
          }
        }
        epochs.add(seen);
      }
    }
    assertThat(epochs).allSatisfy(seen -> assertThat(seen).hasSize(16).doesNotHaveDuplicates());
    Set<List<Long>> different = new HashSet<>(epochs);
    assertThat(different).hasSize(3);
  }

  @Test
  void inOrderEndsWithThePartialBatch() {
    try (Batches batches = Batches.inOrder(numbered(7), 3, 2)) {
      assertThat(batches.next().labels()).containsExactly(0, 1, 2);
      assertThat(batches.next().labels()).containsExactly(3, 4, 5);
      assertThat(batches.hasNext()).isTrue();
      try (Batch last = batches.next()) {
        assertThat(last.labels()).containsExactly(6);
        assertThat(Shapes.of(last.pixels())).containsExactly(1, 1, 2, 2);
      }
      assertThat(batches.hasNext()).isFalse();
      assertThatThrownBy(batches::next).hasMessageStartingWith("no more batches");
    }
  }

  @Test
  void bytesBecomeMinusOneToOne() {
    byte[][] image = {{0, (byte) 255, 51, (byte) 204}};
    try (Batches batches = Batches.inOrder(StoredImages.unlabelled(2, 1, image), 1, 1)) {
      Batch batch = batches.next();
      assertThat(Tensors.floats(batch.pixels())).containsExactly(-1f, 1f, -0.6f, 0.6f);
      assertThat(batch.labels()).containsExactly(-1);
    }
  }

  @Test
  void flippingMirrorsLeftAndRight() {
    byte[][] image = {{0, (byte) 255, 51, (byte) 204}};
    ImageSource source = StoredImages.unlabelled(2, 1, image);
    Augmentation always = new Augmentation(1, 0);
    assertThat(take(Batches.shuffled(source, 1, 1, 0, always, 1), 1).get(0))
        .containsExactly(1f, -1f, 0.6f, -0.6f);
    assertThatThrownBy(() -> new Augmentation(1.5, 0)).hasMessage("flip must be 0 to 1, got 1.5");
    assertThatThrownBy(() -> new Augmentation(0, Double.NaN))
        .hasMessage("colour must be 0 to 1, got NaN");
  }

  @Test
  void anErrorInTheBackgroundArrivesAtItsStep() {
    ImageSource source =
        new Numbered(8) {
          @Override
          public void read(int index, byte[] into) throws IOException {
            if (index == 5) {
              throw new IOException("five.png: damaged image: cut");
            }
            super.read(index, into);
          }
        };
    try (Batches batches = Batches.inOrder(source, 2, 3)) {
      batches.next();
      batches.next();
      assertThatThrownBy(batches::next)
          .hasMessage("cannot read a batch: five.png: damaged image: cut");
    }
  }

  @Test
  void closingDoesNotWaitForASourceThatHangs() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    ImageSource hanging =
        new Numbered(8) {
          @Override
          public void read(int index, byte[] into) {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException("interrupted", e);
            }
          }
        };
    Batches batches = Batches.shuffled(hanging, 2, 1, 0, Augmentation.NONE, 2);
    Thread closer = new Thread(batches::close);
    closer.start();
    assertThatThrownBy(batches::next).hasMessage("these batches are closed");
    closer.join();
    assertThatThrownBy(batches::next).hasMessage("these batches are closed");
  }

  @Test
  void aSlowConsumerHardlyWaits() throws InterruptedException {
    try (Batches batches = Batches.shuffled(numbered(64), 8, 1, 0, Augmentation.NONE, 1)) {
      for (int i = 0; i < 10; i++) {
        batches.next().close();
        Thread.sleep(10);
      }
      assertThat(batches.waitShare()).isBetween(0.0, 0.2);
    }
  }

  @Test
  void aSlowSourceIsSeenInTheWaitShare() {
    ImageSource slow =
        new Numbered(64) {
          @Override
          public void read(int index, byte[] into) {
            try {
              Thread.sleep(2);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    try (Batches batches = Batches.shuffled(slow, 8, 1, 0, Augmentation.NONE, 1)) {
      for (int i = 0; i < 8; i++) {
        batches.next().close();
      }
      assertThat(batches.waitShare()).isBetween(0.8, 1.0);
    }
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> Batches.shuffled(numbered(3), 4, 1, 0, Augmentation.NONE, 1))
        .hasMessage("batch must be at most the number of images, 3, got 4");
    assertThatThrownBy(() -> Batches.inOrder(numbered(3), 0, 1))
        .hasMessage("batch must be at least 1, got 0");
    assertThatThrownBy(() -> Batches.inOrder(numbered(3), 1, 0))
        .hasMessage("threads must be 1 to 256, got 0");
    assertThatThrownBy(() -> Batches.shuffled(numbered(3), 1, 1, -1, Augmentation.NONE, 1))
        .hasMessage("firstStep must be at least 0, got -1");
  }

  private static List<float[]> take(Batches batches, int count) {
    List<float[]> taken = new ArrayList<>();
    try (batches) {
      for (int i = 0; i < count; i++) {
        try (Batch batch = batches.next()) {
          taken.add(Tensors.floats(batch.pixels()));
        }
      }
    }
    return taken;
  }

  private static ImageSource numbered(int size) {
    return new Numbered(size);
  }

  /** 2 x 2 images whose values and labels are their index. */
  private static class Numbered implements ImageSource {
    private final Listing listing;

    Numbered(int size) {
      List<String> classes = IntStream.range(0, size).mapToObj(Integer::toString).toList();
      listing = new Listing(2, 1, classes, IntStream.range(0, size).toArray());
    }

    @Override
    public Listing listing() {
      return listing;
    }

    @Override
    public void read(int index, byte[] into) throws IOException {
      into[0] = (byte) index;
      into[1] = (byte) (index * 3);
      into[2] = 0;
      into[3] = (byte) 255;
    }
  }
}
