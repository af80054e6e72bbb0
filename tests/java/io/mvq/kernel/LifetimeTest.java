package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class LifetimeTest {
  private static final FloatMatrix SQUARE = FloatMatrix.of(new float[] {0, 0, 1, 0, 0, 1, 1, 1}, 2);
  private static final String CLOSED = " must be in live memory, got a pointer that is closed";

  @Test
  void aClosedMatrixIsRefused() {
    FloatMatrix rows = FloatMatrix.of(new float[] {1, 1}, 2);
    rows.data().close();
    assertThatThrownBy(() -> NearestCode.search(rows, SQUARE))
        .hasMessageContaining("rows" + CLOSED);
    FloatMatrix scoped;
    try (PointerScope scope = new PointerScope()) {
      scoped = FloatMatrix.of(new float[] {1, 1}, 2);
    }
    assertThatThrownBy(() -> NearestCode.search(scoped, SQUARE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows" + CLOSED);
  }

  @Test
  void partOfAClosedPointerIsRefusedAndPartOfALiveOneIsNot() {
    FloatPointer whole = new FloatPointer(9, 1, 1);
    FloatMatrix part = FloatMatrix.of(whole.<FloatPointer>getPointer(1), 1, 2);
    assertThat(NearestCode.search(part, SQUARE).indices()).containsExactly(3);
    whole.close();
    assertThatThrownBy(() -> NearestCode.search(part, SQUARE)).hasMessageContaining(CLOSED);
  }

  @Test
  void aClosedMaskOrBiasIsNotTakenForNone() {
    MaskBits allowed = MaskBits.of(new boolean[] {true, false, false, false});
    allowed.words().close();
    FloatMatrix row = FloatMatrix.of(new float[] {1, 1}, 2);
    assertThatThrownBy(() -> NearestCode.search(row, SQUARE, allowed, null, Where.CPU))
        .hasMessageContaining("allowed codes" + CLOSED);
    FloatPointer bias = new FloatPointer(1, 2);
    Head.Layer layer = new Head.Layer(FloatMatrix.of(new float[] {1, 0, 0, 1}, 2), bias);
    Head head = new Head(List.of(layer), Head.Activation.RELU, 0);
    SelectHypothesis.Question question =
        new SelectHypothesis.Question(row, 2, head, row, row, 2, false);
    bias.close();
    Dropout dropout = new Dropout(1, 0, 0.5);
    assertThatThrownBy(() -> SelectHypothesis.select(question, 4, dropout, Where.CPU))
        .hasMessageContaining("bias of a layer" + CLOSED);
  }

  @Test
  void buffersAreReadInNativeOrderOnly() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(8);
    assertThatThrownBy(() -> FloatMatrix.of(bytes.asFloatBuffer(), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("buffer must be in native order (");
    FloatPointer pointer = new FloatPointer(bytes.order(ByteOrder.nativeOrder()).asFloatBuffer());
    assertThat(NearestCode.search(FloatMatrix.of(pointer, 1, 2), SQUARE).indices())
        .containsExactly(0);
  }

  @Test
  void sizesThatOverflowAreRefusedBeforeAnythingIsAllocated() {
    Dropout dropout = new Dropout(1, 0, 0.5);
    assertThatThrownBy(() -> DropoutMasks.draw(-1, 1, 8, dropout, Where.CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("n * h must be in 0..")
        .hasMessageContaining("got -1 * 1");
    assertThatThrownBy(() -> DropoutMasks.draw(1, 1, 8, null, Where.CPU))
        .hasMessage("dropout must be given, got null");
    LongPointer index = new LongPointer(0L, 0L);
    FloatMatrix rows = FloatMatrix.of(new float[] {1, 1}, 1);
    for (long codes : new long[] {1L << 45, 1L << 60, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> CodebookSums.sum(rows, index, codes, Where.CPU))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new FloatMatrix(new FloatPointer(4L), 1L << 40, 1, 1L << 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows * stride must be in 0..");
  }

  @Test
  void aCloseDuringASearchWaitsForItsEnd() throws InterruptedException {
    Random random = new Random(3);
    float[] rows = new float[2000 * 32];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    FloatMatrix codes = FloatMatrix.of(Arrays.copyOf(rows, 512 * 32), 32);
    long[] expected = NearestCode.search(FloatMatrix.of(rows, 32), codes).indices();
    int finished = 0;
    int leftToCollection = 0; // closed in the few instructions between taking a share and counting
    for (int round = 0; round < 60; round++) {
      FloatMatrix closing = FloatMatrix.of(rows, 32);
      long pause = random.nextInt(6);
      Thread closer =
          new Thread(
              () -> {
                sleep(pause);
                closing.data().close();
                // Whoever gets the memory next writes into it.
                FloatMatrix.of(new float[rows.length], 32).data().close();
              });
      closer.start();
      try {
        for (int i = 0; i < 100; i++) {
          assertThat(NearestCode.search(closing, codes, null, null, Where.cpu(1)).indices())
              .isEqualTo(expected);
          finished++;
        }
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("rows" + CLOSED);
      }
      closer.join();
      leftToCollection += closing.data().isNull() ? 0 : 1;
    }
    assertThat(leftToCollection).isLessThan(5);
    assertThat(finished).isPositive();
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
