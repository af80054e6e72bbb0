package io.mvq.bench;

import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.Head;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.SelectHypothesis;
import io.mvq.kernel.Where;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Hypothesis selection against LibTorch with the same masks, drawn for it beforehand: one batch
 * that holds all n * h hypotheses, and chunks of hypotheses with a running minimum.
 */
final class Selections implements Suite {
  private static final long CHUNK = 64;

  private record Size(long n, long c, long h, long hidden, long d) {
    Case asCase() {
      return new Case(
          "select_hypothesis",
          "c " + c + " h " + h + " hidden " + hidden,
          n,
          d,
          0,
          2.0 * n * h * (c + d) * hidden);
    }
  }

  private final List<Size> sizes = new ArrayList<>();

  Selections(boolean quick) {
    if (quick) {
      sizes.add(new Size(32, 16, 64, 64, 64));
      sizes.add(new Size(32, 32, 256, 128, 64));
      sizes.add(new Size(32, 32, 256, 128, 256));
      return;
    }
    for (long n : new long[] {32, 256}) {
      for (long c : new long[] {16, 32, 64}) {
        for (long h : new long[] {64, 256, 1024}) {
          for (long hidden : new long[] {64, 128, 256}) {
            for (long d : new long[] {32, 64, 256}) {
              sizes.add(new Size(n, c, h, hidden, d));
            }
          }
        }
      }
    }
  }

  @Override
  public List<Case> cases() {
    return sizes.stream().map(Size::asCase).toList();
  }

  @Override
  public Row measure(Case one, Place place, Rounds rounds) {
    Size size = sizes.stream().filter(s -> s.asCase().equals(one)).findFirst().orElseThrow();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Inputs in = Inputs.random(size, place);
      Where where = place.where(in.latents());
      Dropout dropout = new Dropout(3, 0, 0.5);
      Tensor masks =
          place
              .here(
                  Views.unpack(DropoutMasks.draw(size.n(), size.h(), size.c(), dropout, Where.CPU)))
              .view(size.n(), size.h(), size.c());
      SelectHypothesis.Question question = in.question(size);
      Tensor index = place.here(Tensors.longZeros(size.n()));
      Tensor losses = place.here(Tensors.zeros(size.n()));
      Tensor words = place.here(Tensors.longZeros(size.n(), MaskBits.words(size.c())));
      SelectHypothesis.Winners winners =
          new SelectHypothesis.Winners(
              Views.longs(index, "index"),
              Tensors.data(losses),
              Views.masks(words, size.c(), "winners' masks"));
      Runnable ours =
          () -> SelectHypothesis.select(question, size.h(), 1, null, dropout, where, winners);
      ours.run();
      requireAgreement(Tensors.longs(index), Tensors.longs(in.batched(masks)));
      // what it cannot do without: every hypothesis' hidden layer and output
      long perHypothesis = size.n() * (size.hidden() + size.d()) * Float.BYTES;
      return Row.of(
          one,
          place,
          Tf32.beside(
              place,
              List.of(
                  new Contender("mvq", -1, ours),
                  new Contender(
                      "libtorch", perHypothesis * size.h(), scoped(() -> in.batched(masks))),
                  new Contender(
                      "libtorch_chunked",
                      perHypothesis * Math.min(CHUNK, size.h()),
                      scoped(() -> in.chunked(masks, size.h()))))),
          rounds);
    }
  }

  private static Runnable scoped(Runnable run) {
    return () -> {
      try (PointerScope scope = new PointerScope()) {
        run.run();
      }
    };
  }

  /** Rounding may decide a near tie differently; more than that is a fault. */
  private static void requireAgreement(long[] ours, long[] theirs) {
    long differ = 0;
    for (int i = 0; i < ours.length; i++) {
      differ += ours[i] == theirs[i] ? 0 : 1;
    }
    if (differ > Math.max(1, ours.length / 50)) {
      throw new IllegalStateException(
          differ
              + " of "
              + ours.length
              + " winners differ from LibTorch's: "
              + Arrays.toString(ours));
    }
  }

  private record Inputs(
      Tensor latents, Tensor base, Tensor target, Tensor w1, Tensor b1, Tensor w2, Tensor b2) {
    static Inputs random(Size size, Place place) {
      torch.manual_seed(1);
      return new Inputs(
          place.here(torch.randn(size.n(), size.c())),
          place.here(torch.randn(size.n(), size.d())),
          place.here(torch.randn(size.n(), size.d())),
          place.here(torch.randn(size.hidden(), size.c())),
          place.here(torch.randn(size.hidden())),
          place.here(torch.randn(size.d(), size.hidden())),
          place.here(torch.randn(size.d())));
    }

    SelectHypothesis.Question question(Size size) {
      Head head =
          new Head(
              List.of(
                  new Head.Layer(Views.matrix(w1, "w1"), Tensors.data(b1)),
                  new Head.Layer(Views.matrix(w2, "w2"), Tensors.data(b2))),
              Head.Activation.RELU,
              0);
      return new SelectHypothesis.Question(
          Views.matrix(latents, "latents"),
          size.c(),
          head,
          Views.matrix(base, "base"),
          Views.matrix(target, "target"),
          size.d(),
          false);
    }

    /** Each hypothesis' loss, (n, masks). */
    private Tensor losses(Tensor masks) {
      Tensor hidden =
          torch.relu(torch.linear(latents.unsqueeze(1).mul(masks), w1, new TensorOptional(b1)));
      Tensor residual = torch.linear(hidden, w2, new TensorOptional(b2));
      return residual.add(base.sub(target).unsqueeze(1)).square().mean(-1);
    }

    Tensor batched(Tensor masks) {
      return losses(masks).argmin(new LongOptional(1), false);
    }

    Tensor chunked(Tensor masks, long h) {
      TensorVector parts = new TensorVector();
      for (long first = 0; first < h; first += CHUNK) {
        try (PointerScope chunk = new PointerScope()) {
          Tensor part = losses(masks.narrow(1, first, Math.min(CHUNK, h - first)));
          parts.push_back(part);
        }
      }
      return torch.cat(parts, 1).argmin(new LongOptional(1), false);
    }
  }
}
