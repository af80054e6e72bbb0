package io.mvq.hypothesis;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.SelectHypothesis;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.lang.ref.Reference;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The kernel's search over hypotheses on tensors. Builds no graph. */
final class HypothesisSearch {
  /**
   * The best masks of each winner's place, best first.
   *
   * @param words (places, top, words) int64, on the latents' device
   * @param losses (places, top) mean squared errors
   */
  record Found(Tensor words, Tensor losses) {}

  private HypothesisSearch() {}

  /**
   * Searches.
   *
   * @param latents normalized, (n, T2 * C), dense and detached, like base and target, (n, T1 * D)
   * @param listed words of the masks to try, (n, H) int64, or (n, H, words) of wide ones; null to
   *     draw them from {@code dropout}
   */
  static Found best(
      MultipleHypothesesDropout.Settings settings,
      HypothesisHead head,
      Tensor latents,
      Tensor base,
      Tensor target,
      int top,
      Tensor listed,
      Dropout dropout) {
    Shapes.requireTogether(base, "base", latents, "latents");
    Shapes.requireTogether(target, "target", latents, "latents");
    SelectHypothesis.Question question =
        new SelectHypothesis.Question(
            Views.matrix(latents, "latents"),
            settings.maskWidth(),
            head.kernelHead(),
            Views.matrix(base, "base"),
            Views.matrix(target, "target"),
            settings.codeWidth(),
            settings.winnerPerToken());
    long places = latents.size(0) * question.winners();
    TensorOptions longs = Tensors.options(ScalarType.Long, latents.device());
    Tensor index = torch.empty(new long[] {places, top}, longs, null);
    Tensor losses = torch.empty(new long[] {places, top}, latents.options(), null);
    long perMask = MaskBits.words(settings.maskWidth());
    Tensor words = torch.empty(new long[] {places * top, perMask}, longs, null);
    Tensor tried = listed == null ? null : Devices.like(listed, latents).reshape(-1, perMask);
    SelectHypothesis.select(
        question,
        listed == null ? settings.hypotheses() : listed.size(1),
        top,
        listed == null ? null : Views.masks(tried, settings.maskWidth(), "masks"),
        listed == null ? dropout : null,
        Devices.where(latents),
        new SelectHypothesis.Winners(
            Views.longs(index, "index"),
            Tensors.data(losses),
            Views.masks(words, settings.maskWidth(), "winners' masks")));
    // The views do not own their tensors: not to be collected under the kernel.
    for (Tensor used : new Tensor[] {latents, base, target, index, losses, words, tried}) {
      Reference.reachabilityFence(used);
    }
    return new Found(words.reshape(places, top, perMask), losses);
  }
}
