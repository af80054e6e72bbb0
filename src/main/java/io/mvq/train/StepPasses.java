package io.mvq.train;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The forward and backward passes of a step: a rank runs its own, then all know the gradients' sums
 * and what every pass cost. With shards a pass draws its random numbers by its own number, so that
 * it does not matter where it runs.
 */
final class StepPasses {
  private final Training training;
  private final Ranks ranks;
  private final Passes passes;

  /** What a player's losses were in a pass. */
  record Cost(Player player, double total, Map<String, Double> parts) {}

  /** Of a rank. */
  StepPasses(Training training, Ranks ranks) {
    this.training = training;
    this.ranks = ranks;
    passes = Passes.of(training, ranks);
  }

  /** Runs them for a step, counted from 0; returns what all cost, pass after pass. */
  List<Cost> run(long step, List<Player> players) {
    ShardSum sum = training.shards() > 1 ? new ShardSum(players) : null;
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < passes.own(); i++) {
      long number = passes.number(step * passes.own() + i);
      try (PointerScope scope = new PointerScope();
          RandomState.Aside aside =
              sum == null ? null : RandomState.aside(RandomState.mix(training.seed(), number))) {
        for (Player player : players) {
          costs.add(cost(player, player.learn(number, 1.0 / passes.each())));
        }
      }
      if (sum != null && (i + 1) % training.accumulate() == 0) {
        sum.take();
      }
    }
    if (sum != null) {
      sum.give(ranks);
    }
    return ofAll(costs, players.size());
  }

  private static Cost cost(Player player, Losses losses) {
    Map<String, Double> parts = new LinkedHashMap<>();
    losses.parts().forEach((name, value) -> parts.put(name, Tensors.scalar(value)));
    return new Cost(player, Tensors.scalar(losses.total()), parts);
  }

  /** The costs of all ranks: each has the same losses by name, other numbers. */
  private List<Cost> ofAll(List<Cost> own, int players) {
    if (ranks.count() == 1) {
      return own;
    }
    try (PointerScope scope = new PointerScope()) {
      TensorVector numbers = new TensorVector();
      for (Cost cost : own) {
        numbers.push_back(number(cost.total()));
        cost.parts().values().forEach(value -> numbers.push_back(number(value)));
      }
      Tensor all = ranks.gather(torch.cat(numbers, 0));
      List<Cost> costs = new ArrayList<>();
      long at = 0;
      for (int i = 0; i < passes.each() * players; i++) {
        Cost like = own.get(i % players);
        double total = all.select(0, at++).item_double();
        Map<String, Double> parts = new LinkedHashMap<>();
        for (String name : like.parts().keySet()) {
          parts.put(name, all.select(0, at++).item_double());
        }
        costs.add(new Cost(like.player(), total, parts));
      }
      return costs;
    }
  }

  private static Tensor number(double value) {
    return torch.full(new long[] {1}, new Scalar(value), Tensors.options(torch.ScalarType.Double));
  }
}
