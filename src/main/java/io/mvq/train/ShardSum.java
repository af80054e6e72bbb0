package io.mvq.train;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The sum of the shards' gradients as one tree: pairs of neighbours, then pairs of pairs. A rank's
 * shards make a whole branch of it, {@link Ranks#sum} the rest, so that the sum has the same bits
 * however many ranks share the shards.
 */
final class ShardSum {
  private record Branch(int shards, Tensor sum) {}

  private final List<Tensor> parameters = new ArrayList<>();
  private final Deque<Branch> branches = new ArrayDeque<>();

  /** Of the gradients of all players' parameters. */
  ShardSum(List<Player> players) {
    for (Player player : players) {
      TensorVector own = player.update().parameters();
      for (long i = 0; i < own.size(); i++) {
        parameters.add(own.get(i));
      }
    }
  }

  /** Takes away the gradients, which must be one shard's, the next in order. */
  void take() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Branch branch = new Branch(1, flat().retainReference());
      while (!branches.isEmpty() && branches.peek().shards() == branch.shards()) {
        Branch before = branches.pop();
        before.sum().add_(branch.sum());
        branch.sum().close();
        branch = new Branch(2 * branch.shards(), before.sum());
      }
      branches.push(branch);
    }
  }

  /** Gives back the sum over all shards of all ranks as the gradients. */
  void give(Ranks ranks) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor own = branches.pop().sum();
      Tensor sum = ranks.sum(own);
      own.close();
      long at = sum.numel() - parameters.size();
      float[] shardsWithOne = Tensors.floats(sum.narrow(0, at, parameters.size()));
      at = 0;
      for (int i = 0; i < shardsWithOne.length; i++) {
        Tensor parameter = parameters.get(i);
        if (shardsWithOne[i] > 0) {
          Tensor part = sum.narrow(0, at, parameter.numel()).reshape(parameter.sizes());
          parameter.mutable_grad().put(part.clone());
        }
        at += parameter.numel();
      }
    }
  }

  /** All gradients one after the other, then for each parameter 1 if it has one, else 0. */
  private Tensor flat() {
    TensorVector parts = new TensorVector();
    float[] one = new float[parameters.size()];
    for (int i = 0; i < one.length; i++) {
      Tensor parameter = parameters.get(i);
      Tensor gradient = parameter.grad();
      one[i] = gradient.defined() ? 1 : 0;
      parts.push_back(
          gradient.defined()
              ? gradient.detach().reshape(-1)
              : torch.zeros(new long[] {parameter.numel()}, parameter.options()));
      parameter.mutable_grad().reset();
    }
    parts.push_back(Devices.like(Tensors.of(one, one.length), parameters.get(0)));
    return torch.cat(parts, 0);
  }
}
