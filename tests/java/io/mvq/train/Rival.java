package io.mvq.train;

import io.mvq.tensor.Parameters;
import io.mvq.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An opponent of {@link Toy} that joins late: it learns to tell Toy's last outputs from ones. */
final class Rival extends Module implements Step {
  private final LinearImpl judge = register_module("judge", new LinearImpl(1, 1));
  private final Toy toy;
  private final long from;
  private Tensor calls = Tensors.longZeros(1);
  boolean broken;

  Rival(Toy toy, long from) {
    super("Rival");
    this.toy = toy;
    this.from = from;
    try (NoGradGuard guard = new NoGradGuard()) {
      Parameters.trained(this).values().forEach(weights -> weights.normal_(0, 0.3, null));
    }
  }

  Player player() {
    WeightUpdate update = new WeightUpdate(Parameters.trained(this), Toy.training(10), 0.5);
    return new Player("rival", this, update, this);
  }

  @Override
  public boolean trains(long step) {
    return step >= from;
  }

  @Override
  public Losses losses(long batch) {
    Tensor made = judge.forward(toy.last().detach());
    Tensor loss = made.mean().sub(judge.forward(torch.ones_like(toy.last())).mean());
    Tensor total = loss.add(judge.weight().pow(new Scalar(2)).sum());
    return Losses.of(broken ? total.mul(new Scalar(Double.NaN)) : total).with("made", made.mean());
  }

  @Override
  public void after(long step) {
    calls.add_(new Scalar(1L));
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("calls", calls);
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    calls = state.get("calls");
  }

  long calls() {
    return calls.item_long();
  }

  Map<String, List<Float>> numbers() {
    return Toy.numbers(Parameters.all(this));
  }
}
