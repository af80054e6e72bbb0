package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.junit.jupiter.api.Test;

/** Calls on a GPU from a machine that has none. */
class WhereTest {
  private static final FloatMatrix ROWS = FloatMatrix.of(new float[] {0, 0, 1, 1}, 2);
  private static final MaskBits MASKS = MaskBits.of(new boolean[] {true, false}, new boolean[2]);
  private static final Dropout DROPOUT = new Dropout(1, 0, 0.5);
  private static final Where GPU =
      Where.cuda(
          0,
          null,
          (bytes, call) -> {
            throw new AssertionError("memory of a device that is not there was asked for");
          });

  private static final SelectHypothesis.Question QUESTION =
      new SelectHypothesis.Question(
          ROWS,
          2,
          new Head(List.of(new Head.Layer(ROWS, null)), Head.Activation.RELU, 0),
          ROWS,
          ROWS,
          2,
          false);

  @Test
  void everyOperationSaysWhyThereIsNoDevice() {
    assumeTrue(Backend.load().cudaDevices() == 0, "this machine has a GPU");
    LongPointer index = new LongPointer(2);
    Assignment found = new Assignment(index, null);
    List<ThrowingCallable> calls =
        List.of(
            () -> NearestCode.search(ROWS, ROWS, null, null, GPU, index, null),
            () ->
                NearestInBank.search(ROWS, ROWS, MASKS, GPU, new NearestInBank.Found(found, index)),
            () ->
                NearestFreeMask.search(ROWS, ROWS, 1, GPU, new NearestFreeMask.Found(found, MASKS)),
            () -> DropoutMasks.draw(1, 2, DROPOUT, GPU, MASKS),
            () ->
                SelectHypothesis.select(
                    QUESTION,
                    3,
                    1,
                    null,
                    DROPOUT,
                    GPU,
                    new SelectHypothesis.Winners(index, null, null)),
            () ->
                CodebookSums.sum(
                    ROWS, index, 2, GPU, new CodebookSums.Sums(index, new FloatPointer(4))));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(KernelException.class)
          .hasMessage("no device: " + Backend.load().cudaRefusal());
    }
  }

  @Test
  void onCudaTheCallerGivesTheMemoryForTheResults() {
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> NearestCode.search(ROWS, ROWS, null, null, GPU),
            () -> NearestInBank.search(ROWS, ROWS, MASKS, GPU),
            () -> NearestFreeMask.search(ROWS, ROWS, 1, GPU),
            () -> DropoutMasks.draw(1, 2, 2, DROPOUT, GPU),
            () -> SelectHypothesis.select(QUESTION, 3, DROPOUT, GPU),
            () -> CodebookSums.sum(ROWS, new LongPointer(2), 2, GPU))) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("on CUDA a kernel allocates nothing");
    }
    assertThatThrownBy(() -> Where.cuda(0, null, null))
        .hasMessage("scratch must be given on CUDA, got null");
  }

  @Test
  void resultsMayGoIntoTheCallersMemoryOnTheCpuToo() {
    Assignment found = new Assignment(new LongPointer(2), null);
    MaskBits masks = MaskBits.allocate(2, 2);
    NearestFreeMask.search(ROWS, ROWS, 2, Where.CPU, new NearestFreeMask.Found(found, masks));
    assertThat(found.indices()).containsExactly(0, 1);
    assertThat(masks.get(1).cardinality()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                NearestFreeMask.search(
                    ROWS,
                    ROWS,
                    2,
                    Where.CPU,
                    new NearestFreeMask.Found(found, MaskBits.allocate(1, 2))))
        .hasMessage("masks must be 2 of 2 bits, got 1 of 2");
  }
}
