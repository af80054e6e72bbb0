package io.mvq.run;

import io.mvq.picture.ImageGrid;
import io.mvq.prior.Sampling;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * What a prior that is trained makes of some held-out images: its loss, as in training but without
 * dropout, and a picture of samples.
 *
 * @param images looked at
 * @param loss of some of them by their rows, a mean; what is random in it is the same at each step
 * @param model draws with the prior being trained; null where there is nothing to see
 */
record PriorEvaluation(int images, Function<int[], Tensor> loss, TrainedModel model)
    implements StageEvaluation {
  private static final int BATCH = 64;
  private static final int ROWS = 2; // of the picture

  @Override
  public void write(long step, RunLog log) throws IOException {
    RandomState.seed(SEED);
    double mean = 0;
    for (int from = 0; from < images; from += BATCH) {
      int[] rows = IntStream.range(from, Math.min(images, from + BATCH)).toArray();
      try (PointerScope scope = new PointerScope()) {
        mean += Tensors.scalar(loss.apply(rows)) * rows.length / images;
      }
    }
    log.scalar(step, "held-out/loss", mean);
    if (model != null) {
      int columns = StageEvaluation.columns(model.recipe().data().side());
      Tensor samples = model.sample(ROWS * columns, -1, Sampling.PLAIN, SEED);
      log.image(step, "samples", ImageGrid.picture(samples, columns, List.of()));
    }
  }
}
